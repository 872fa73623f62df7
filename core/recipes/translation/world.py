"""Families of sentences about weather, places, ways and time."""

from core.recipes.translation import english as en
from core.recipes.translation import korean as ko
from core.recipes.translation.english import YOU, Who, listed
from core.recipes.translation.parts import Draw, Pair, anyone, line, my, named, other, somebody
from core.recipes.translation.words import (
    CITIES,
    FUTURE_TIMES,
    HOME,
    PAST_TIMES,
    SCHOOL,
    SITES,
    WORK,
    nouns,
    phrases,
    table,
)

KOREAN_CITIES = CITIES[:6]
IT = Who("it")
SKIES = table("춥 = cold, 덥 = hot, 따뜻하 = warm, 시원하 = cool, 흐리 = cloudy, 맑 = sunny")
RAINS = table("비 = rain, 눈 = snow")
DAYS = {
    "present": table("오늘 = today, 지금 = now"),
    "past": table("어제 = yesterday, 지난주에 = last week, 어젯밤에 = last night, 그저께 = the day before yesterday"),
    "future": table(
        "내일 = tomorrow, 모레 = the day after tomorrow, 이번 주말에 = this weekend, 다음 주에 = next week"
    ),
}
SEASONS = table("봄 = spring, 여름 = summer, 가을 = fall, 겨울 = winter")
NEAR_RIDES = table("버스 = by bus, 지하철 = by subway, 택시 = by taxi, 자전거 = by bicycle, 차 = by car")
FAR_RIDES = table("기차 = by train, 버스 = by bus, 차 = by car")
PURPOSES = (  # why one goes there
    ("카페", "커피를 마시 = drink coffee, 친구를 만나 = meet a friend, 쉬 = rest, 책을 읽 = read a book"),
    ("도서관", "공부하 = study, 책을 빌리 = borrow a book, 숙제를 하 = do homework, 신문을 읽 = read a newspaper"),
    ("시장", "과일을 사 = buy fruit, 생선을 사 = buy fish, 빵을 사 = buy bread, 꽃을 사 = buy flowers"),
    ("공원", "산책하 = take a walk, 운동하 = exercise, 친구를 만나 = meet a friend, 사진을 찍 = take pictures"),
    ("식당", "비빔밥을 먹 = eat bibimbap, 고기를 먹 = eat meat, 점심을 먹 = have lunch, 저녁을 먹 = have dinner"),
    ("백화점", "구두를 사 = buy shoes, 선물을 사 = buy a present, 가방을 사 = buy a bag, 옷을 사 = buy clothes"),
    ("은행", "돈을 찾 = withdraw money, 돈을 보내 = send money, 돈을 바꾸 = exchange money"),
    ("우체국", "편지를 보내 = send a letter, 엽서를 사 = buy a postcard, 선물을 보내 = send a present"),
    ("서점", "책을 사 = buy a book, 사전을 사 = buy a dictionary, 잡지를 사 = buy a magazine"),
)
POSITIONS = table("옆에 = next to, 앞에 = in front of, 뒤에 = behind, 근처에 = near, 맞은편에 = across from")
SEEKABLE = nouns(
    "가방 = bag, 열쇠 = key, 지갑 = wallet, 전화기 = phone, 모자 = hat, 책 = book, 안경 = *glasses, 우산 = umbrella"
)
HIDING = table(
    """책상 위에 = on the desk, 침대 아래에 = under the bed, 의자 위에 = on the chair, 가방 안에 = in the bag,
    차 안에 = in the car,
    문 뒤에 = behind the door, 방 안에 = in the room, 책상 아래에 = under the desk, 부엌에 = in the kitchen"""
)
ROUTINE = (  # when in the day, the hours, and what one does then
    (
        "아침",
        "in the morning",
        (6, 10),
        "일어나 = get up, 아침을 먹 = have breakfast, 학교에 가 = go to school, 회사에 가 = go to work",
    ),
    ("아침", "in the morning", (6, 10), "운동하 = exercise, 샤워하 = take a shower, 신문을 읽 = read a newspaper"),
    ("오후", "in the afternoon", (1, 3), "점심을 먹 = have lunch, 집에 오 = come home, 친구를 만나 = meet a friend"),
    ("오후", "in the afternoon", (2, 5), "운동하 = exercise, 산책하 = take a walk, 피아노를 치 = play the piano"),
    (
        "저녁",
        "in the evening",
        (6, 9),
        "저녁을 먹 = have dinner, 집에 오 = come home, 샤워하 = take a shower, 숙제를 하 = do homework",
    ),
    (
        "저녁",
        "in the evening",
        (6, 9),
        "산책하 = take a walk, 뉴스를 보 = watch the news, 친구에게 전화하 = call a friend",
    ),
)
EVENTS = table(
    "수업 = the class, 영화 = the movie, 회의 = the meeting, 시험 = the exam, 경기 = the game, 콘서트 = the concert"
)
WEEKDAYS = table(
    "월요일 = Monday, 화요일 = Tuesday, 수요일 = Wednesday, 목요일 = Thursday, 금요일 = Friday, 토요일 = Saturday, "
    "일요일 = Sunday"
)
MONTHS = listed("January February March April May June July August September October November December")
OCCASIONS = table("생일 = birthday, 결혼기념일 = wedding anniversary, 졸업식 = graduation")


def weather(draw: Draw) -> Pair:
    """어제 부산은 추웠어요. It was cold in Busan yesterday."""
    style, tense = draw.style(), draw.tense()
    (when, time), city = draw.one(DAYS[tense]), draw.one(CITIES)
    if draw.maybe(0.2):
        stem, english = draw.one((("좋", "nice"), ("나쁘", "bad")))
        verb = ko.tensed(stem, style, tense, adjective=True)
        return line(f"{ko.topic(when)} 날씨가 {verb}", f"{will_be(Who('the weather'), english, tense)} {time}")
    sky, english = draw.one(SKIES)
    here, place = (f"{when} {ko.topic(city.ko)}", f" {city.at}") if draw.maybe() else (ko.topic(when), "")
    if draw.maybe(0.2) and tense != "future":
        return line(f"{here} {ko.ask(sky, style, tense)}", f"{en.ask_be(IT, english, tense)}{place} {time}", "?")
    degree, much = draw.one((("아주", "very"), ("정말", "really"), ("", ""), ("", "")))
    verb = f"{degree} {ko.tensed(sky, style, tense, adjective=True)}".strip()
    return line(f"{here} {verb}", f"{will_be(IT, f'{much} {english}'.strip(), tense)}{place} {time}")


def will_be(who: Who, rest: str, tense: str) -> str:
    return en.do(who, f"be {rest}", tense) if tense == "future" else en.be(who, rest, tense)


def rain(draw: Draw) -> Pair:
    """내일 서울에 비가 올 거예요. It will rain in Seoul tomorrow."""
    style, tense = draw.style(), draw.tense()
    (when, time), (falling, english), city = draw.one(DAYS[tense]), draw.one(RAINS), draw.one(CITIES)
    if draw.maybe(0.15):
        season, name = draw.one(SEASONS)
        where, place = draw.one((("", ""), (f"{city.ko}에는 ", f" {city.at}")))
        falls = f"{ko.subject(falling)} 많이 {ko.present('오', style)}"
        return line(f"{where}{season}에 {falls}", f"it {en.third(english)} a lot{place} in {name}")
    where, place = (f" {city.ko}에", f" {city.at}") if draw.maybe() else ("", "")
    falls = f"{when}{where} {ko.subject(falling)}"
    if draw.maybe(0.2):
        asked = f"is it {en.ing(english)}" if tense == "present" else en.ask(IT, english, tense)
        return line(f"{falls} {ko.ask('오', style, tense)}", f"{asked}{place} {time}", "?")
    if tense == "present":
        return line(f"{falls} {ko.present('오', style)}", f"it's {en.ing(english)}{place} {time}")
    lot, much = draw.one((("", ""), ("많이 ", " a lot")))
    return line(f"{falls} {lot}{ko.tensed('오', style, tense)}", f"{en.do(IT, english, tense)}{much}{place} {time}")


def going(draw: Draw) -> Pair:
    """저는 어제 버스로 학교에 갔어요. I went to school by bus yesterday."""
    style, tense = draw.style(), draw.one(("past", "future"))
    person = somebody(draw, style)
    when, time = draw.one(PAST_TIMES if tense == "past" else FUTURE_TIMES)
    place = draw.one((draw.one(SITES), draw.one(CITIES), draw.one((HOME, SCHOOL, WORK))))
    kind = draw.one(("go", "by", "with", "purpose", "from to"))
    middle, end = "", ""
    if kind == "purpose":
        ko_place, why = draw.one(PURPOSES)
        place, purpose = next(p for p in SITES if p.ko == ko_place), draw.one(phrases(why))
        middle, end = ko.with_eu(purpose.ko, "으러") + " ", f" to {purpose.en}"
    elif kind == "with":
        friend = named(anyone(draw), style)
        middle, end = f"{ko.with_(friend.ko, style)} ", f" with {friend.who.en}"
    elif kind in ("by", "from to"):
        if kind == "by":
            place = draw.one((*SITES, SCHOOL, WORK))
        ride, by = draw.one(NEAR_RIDES if kind == "by" else FAR_RIDES)
        middle, end = ko.particle(ride, "으로/로") + " ", f" {by}"
    if kind == "from to":
        start = draw.one(KOREAN_CITIES)
        place = draw.one([city for city in KOREAN_CITIES if city != start])
        route, end = f"{start.ko}에서 {place.ko}까지", f"from {start.en} to {place.en}{end}"
        return line(
            f"{person.topic} {when} {route} {middle}{ko.tensed('가', style, tense)}",
            f"{en.do(person.who, f'go {end}', tense)} {time}",
        )
    said = f"{person.topic} {when} {middle}{place.ko}에 {ko.tensed('가', style, tense)}"
    return line(said, f"{en.do(person.who, f'go {place.to}{end}', tense)} {time}")


def location(draw: Draw) -> Pair:
    """은행은 학교 옆에 있어요. The bank is next to the school. 제 열쇠는 어디에 있어요? Where is my key?"""
    style, kind = draw.style(), draw.one(("site", "site", "where", "thing", "thing", "person", "not there"))
    site = draw.one((*SITES, SCHOOL))
    if kind == "site":
        near = draw.one([s for s in (*SITES, SCHOOL) if s != site])
        position, english = draw.one(POSITIONS)
        said = f"{ko.topic(site.ko)} {near.ko} {position} {ko.present('있', style)}"
        return line(said, en.be(Who(site.en), f"{english} {near.en}"))
    if kind == "where" and draw.maybe():
        return line(f"{ko.topic(site.ko)} 어디에 {ko.ask('있', style)}", f"where is {site.en}", "?")
    thing, (place, english) = draw.one(SEEKABLE), draw.one(HIDING)
    owner, is_ = f"{my(style)} {thing.ko}", "are" if thing.mass else "is"
    if kind == "where":
        return line(f"{ko.topic(owner)} 어디에 {ko.ask('있', style)}", f"where {is_} my {thing.en}", "?")
    if kind == "thing" and not place.startswith(thing.ko):
        said = f"{ko.topic(owner)} {place} {ko.present('있', style)}"
        return line(said, en.be(Who(f"my {thing.en}", is_), english))
    person, at = other(draw, style), draw.one((*SITES, HOME, SCHOOL))
    absent = kind == "not there"
    said = f"{person.topic} 지금 {at.ko}에 {ko.present('없' if absent else '있', style)}"
    return line(said, f"{en.be(person.who, at.at, negative=absent)} now")


def clock(draw: Draw) -> Pair:
    """저는 아침 일곱 시에 일어나요. I get up at seven in the morning. 지금 세 시 반이에요. It's half past three now."""
    style, hour = draw.style(), draw.number(1, 12)
    time, english = f"{ko.native(hour)} 시", f"{en.number(hour)} o'clock"
    kind = draw.one(("now", "half", "minutes", "routine", "routine", "event", "ask"))
    if kind in ("now", "half", "minutes"):
        minute = draw.number(1, 11) * 5
        if kind == "half":
            time, english = f"{time} 반", f"half past {en.number(hour)}"
        elif kind == "minutes":
            time, english = f"{time} {ko.sino(minute)} 분", f"{hour}:{minute:02}"
        return line(f"지금 {ko.is_(time, style)}", f"it's {english} now")
    if kind == "event":
        (event, who), (stem, does) = draw.one(EVENTS), draw.one((("시작하", "start"), ("끝나", "end")))
        tense = draw.tense()
        said = f"{ko.topic(event)} {time}에 {ko.tensed(stem, style, tense)}"
        return line(said, f"{en.do(Who(who), does, tense)} at {english}")
    return routine(draw, style, kind == "ask")


def routine(draw: Draw, style: str, asked: bool) -> Pair:
    """저는 아침 일곱 시에 일어나요. I get up at seven in the morning. 몇 시에 일어나요? What time do you get up?"""
    part, when, hours, actions = draw.one(ROUTINE)
    person, action, hour = somebody(draw, style), draw.one(phrases(actions)), draw.number(*hours)
    if asked:
        return line(f"몇 시에 {ko.ask(action.ko, style)}", f"what time {en.ask(YOU, action.en)}", "?")
    time, english = f"{ko.native(hour)} 시", f"{en.number(hour)} o'clock"
    if draw.maybe():
        time, english = f"{part} {time}", f"{en.number(hour)} {when}"
    often, adverb = draw.one((("", ""), ("", ""), ("보통 ", "usually"), ("항상 ", "always")))
    said = f"{person.topic} {often}{time}에 {ko.present(action.ko, style)}"
    return line(said, f"{en.do(person.who, action.en, adverb=adverb)} at {english}")


def dates(draw: Draw) -> Pair:
    """오늘은 월요일이에요. Today is Monday. 제 생일은 5월 3일이에요. My birthday is May 3."""
    style = draw.style()
    (day, weekday), month, date = draw.one(WEEKDAYS), draw.number(1, 12), draw.number(1, 28)
    on, english = f"{month}월 {date}일", f"{MONTHS[month - 1]} {date}"
    if draw.maybe(0.5):
        occasion, name = draw.one(OCCASIONS)
        who = anyone(draw)
        owner, whose = (my(style), "my") if draw.maybe() else (named(who, style).ko + "의", f"{who[1]}'s")
        where = on if draw.maybe(0.8) else f"다음 주 {day}"
        english = english if where == on else f"next {weekday}"
        return line(f"{ko.topic(f'{owner} {occasion}')} {ko.is_(where, style)}", f"{whose} {name} is {english}")
    said, what = (on, english) if draw.maybe(0.7) else (day, weekday)
    if draw.maybe(0.2):
        return line(f"오늘은 {ko.is_not(said, style)}", en.be(Who("today"), what, negative=True))
    today, name, tense = draw.one(
        (("오늘", "today", "present"), ("어제", "yesterday", "past"), ("내일", "tomorrow", "present"))
    )
    return line(f"{ko.topic(today)} {ko.is_(said, style, tense)}", en.be(Who(name), what, tense))
