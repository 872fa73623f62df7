"""Families of sentences that ask, and of sentences made of two: because, if, and, but, while, before, after, that."""

from core.recipes.translation import english as en
from core.recipes.translation import korean as ko
from core.recipes.translation.english import YOU, Who
from core.recipes.translation.parts import Draw, Pair, Person, anyone, line, me, named, other, somebody
from core.recipes.translation.people import FEELINGS, TRAITS
from core.recipes.translation.words import (
    ACTIONS,
    CITIES,
    DRINKS,
    ERRANDS,
    FOODS,
    FOREIGN_MEN,
    FOREIGN_WOMEN,
    FUTURE_TIMES,
    JOBS,
    LIKINGS,
    MISHAPS,
    PAST_TIMES,
    Phrase,
    phrases,
    table,
)

FOREIGNERS = tuple((name, "he") for name in FOREIGN_MEN) + tuple((name, "she") for name in FOREIGN_WOMEN)
EATEN = tuple(Phrase(f"{ko.object_(food.ko)} 먹", f"eat {food.one}") for food in FOODS) + tuple(
    Phrase(f"{ko.object_(drink.ko)} 마시", f"drink {drink.en}") for drink in DRINKS
)
TRIED = phrases(
    """말을 타 = ride a horse, 스키를 타 = ski, 한복을 입 = wear a hanbok, 김치를 먹 = eat kimchi,
    막걸리를 마시 = drink makgeolli,
    비행기를 타 = take a plane, 떡볶이를 먹 = eat tteokbokki, 태권도를 배우 = learn taekwondo,
    김치를 만들 = make kimchi,
    한국 영화를 보 = watch a Korean movie, 한국 노래를 부르 = sing a Korean song, 낙타를 타 = ride a camel"""
)
REASONS = (  # a state of the past in "so ..." sentences, and what can follow from it
    (
        "피곤하 = I was tired, 아프 = I was sick, 머리가 아프 = my head hurt, 늦게 일어나 = I got up late, "
        "바쁘 = I was busy",
        "학교에 가지 못하 = I couldn't go to school, 회사에 가지 못하 = I couldn't go to work, "
        "숙제를 하지 못하 = I couldn't do homework, "
        "친구를 만나지 못하 = I couldn't meet a friend, 아침을 먹지 못하 = I couldn't have breakfast, "
        "약속을 취소하 = I canceled the appointment",
    ),
    (
        "피곤하 = I was tired, 아프 = I was sick, 날씨가 춥 = it was cold, 비가 오 = it rained, 눈이 오 = it snowed",
        "집에 있 = I stayed at home, 집에 가 = I went home, 택시를 타 = I took a taxi, "
        "일찍 자 = I went to bed early, "
        "운동을 하지 않 = I didn't exercise, 집에서 쉬 = I rested at home, 산책하지 않 = I didn't take a walk",
    ),
    (
        "배가 고프 = I was hungry, 점심을 먹지 못하 = I couldn't have lunch, 시간이 없 = I didn't have time",
        "빵을 먹 = I ate bread, 라면을 먹 = I ate ramen, 김밥을 사 = I bought gimbap, "
        "식당에 가 = I went to the restaurant",
    ),
)
SO_PLEASE = (  # a state of now, and what one asks for
    ("춥 = it's cold", "창문을 닫 = close the window, 문을 닫 = close the door, 집에 가 = go home"),
    ("덥 = it's hot", "창문을 열 = open the window, 문을 열 = open the door, 물을 마시 = drink water"),
    ("비가 오 = it's raining", "우산을 가져가 = take an umbrella, 택시를 타 = take a taxi, 집에 있 = stay at home"),
    ("늦었 = it's late", "집에 가 = go home, 택시를 타 = take a taxi, 일찍 자 = go to bed early"),
    ("시간이 없 = there is no time", "빨리 오 = come quickly, 택시를 타 = take a taxi, 지금 출발하 = leave now"),
    ("어둡 = it's dark", "불을 켜 = turn on the light, 조심하 = be careful, 집에 있 = stay at home"),
    ("시끄럽 = it's noisy", "문을 닫 = close the door, 조용히 하 = be quiet, 창문을 닫 = close the window"),
)
CONDITIONS = (  # and plans that suit them
    (
        "비가 오 = it rains, 눈이 오 = it snows, 날씨가 나쁘 = the weather is bad, 피곤하 = I'm tired, 춥 = it's cold",
        "집에 있 = stay at home, 택시를 타 = take a taxi, 집에서 쉬 = rest at home, 일찍 자 = go to bed early, "
        "책을 읽 = read a book, 텔레비전을 보 = watch TV",
    ),
    (
        "날씨가 좋 = the weather is nice, 시간이 있 = I have time, 바쁘지 않 = I'm not busy, 따뜻하 = it's warm",
        "영화를 보 = watch a movie, 산책하 = take a walk, 친구를 만나 = meet a friend, 공원에 가 = go to the park, "
        "바다에 가 = go to the sea, 여행을 가 = go on a trip, 사진을 찍 = take pictures, 등산을 하 = go hiking",
    ),
)
WEALTH = (
    "돈이 있 = I have money, 돈이 많 = I have a lot of money",
    "새 차를 사 = buy a new car, 여행을 가 = go on a trip, 집을 사 = buy a house, 컴퓨터를 사 = buy a computer",
)
BESIDE = tuple(a for a in ACTIONS if a.en in ("listen to music", "listen to the radio", "watch TV", "sing a song"))
RELATED = (  # what somebody made or did, and to what
    ("만들 = make", "케이크 = cake, 의자 = chair, 김밥 = *gimbap, 샐러드 = salad, 커피 = *coffee"),
    ("쓰 = write", "편지 = letter, 책 = book, 시 = poem, 이메일 = email, 소설 = novel"),
    (
        "사 = buy",
        "가방 = bag, 모자 = hat, 시계 = watch, 우산 = umbrella, 차 = car, 컴퓨터 = computer, 꽃 = flower, 의자 = chair",
    ),
    ("그리 = draw", "그림 = picture, 지도 = map"),
    ("찍 = take", "사진 = picture"),
    ("읽 = read", "책 = book, 소설 = novel, 신문 = newspaper, 편지 = letter"),
    ("잃어버리 = lose", "열쇠 = key, 지갑 = wallet, 우산 = umbrella, 전화기 = phone"),
    ("고치 = fix", "시계 = watch, 자전거 = bicycle, 컴퓨터 = computer, 차 = car"),
)


def questions(draw: Draw) -> Pair:
    """어제 영화를 봤어요? Did you watch a movie yesterday? 네, 어제 영화를 봤어요. Yes, I watched a movie yesterday."""
    style, tense = draw.spoken(), draw.one(("past", "past", "future"))
    action = draw.one((*ACTIONS, *ERRANDS))
    when, time = draw.one(PAST_TIMES if tense == "past" else FUTURE_TIMES)
    kind = draw.one(("you", "you", "they", "yes", "no"))
    if kind == "you":
        return line(f"{when} {ko.ask(action.ko, style, tense)}", f"{en.ask(YOU, action.en, tense)} {time}", "?")
    if kind == "they":
        who = other(draw, style, near=False)
        return line(
            f"{who.topic} {when} {ko.ask(action.ko, style, tense)}", f"{en.ask(who.who, action.en, tense)} {time}", "?"
        )
    yes, no = ("응", "아니") if style == "casual" else ("네", "아니요")
    stem = action.ko if kind == "yes" else ko.not_(action.ko, style)
    said = f"{yes if kind == 'yes' else no}, {when} {ko.tensed(stem, style, tense)}"
    return line(said, f"{kind}, {en.do(me(style).who, action.en, tense, negative=kind == 'no')} {time}")


def which(draw: Draw) -> Pair:
    """어디에서 커피를 마셨어요? Where did you drink coffee? 톰은 왜 울었어요? Why did Tom cry?"""
    style, tense = draw.style(), draw.one(("past", "past", "future"))
    action = draw.one((*ACTIONS, *ERRANDS))
    kind = draw.one(("where", "when", "why", "who with", "who"))
    if kind == "who":
        english = en.past(action.en) if tense == "past" else f"will {action.en}"
        return line(f"누가 {ko.ask(action.ko, style, tense)}", f"who {english}", "?")
    if kind == "who with":
        if "친구" in action.ko:
            action = draw.one(ACTIONS[:20])
        whom = {"polite": "누구하고", "casual": "누구랑"}.get(style, "누구와")
        return line(f"{whom} {ko.ask(action.ko, style, tense)}", f"who {en.ask(YOU, action.en, tense)} with", "?")
    word = {"where": "어디에서", "when": "언제", "why": "왜"}[kind]
    if kind == "where" and "공원" in action.ko:
        word, kind = "언제", "when"
    person = other(draw, style, near=False) if draw.maybe() else None
    who, start = (person.who, f"{person.topic} ") if person else (YOU, "")
    return line(f"{start}{word} {ko.ask(action.ko, style, tense)}", f"{kind} {en.ask(who, action.en, tense)}", "?")


def because(draw: Draw) -> Pair:
    """피곤해서 집에 갔어요. I was tired, so I went home. 추우니까 문을 닫아 주세요. It's cold, so please close ..."""
    style = draw.style()
    if draw.maybe(0.35):
        state, asked = draw.one(SO_PLEASE)
        (stem, reason), (action, english) = table(state)[0], draw.one(table(asked))
        ending, please = draw.one((("주세요", "please "), ("주십시오", "please "), ("", "")))
        wish = ko.favour(action, ending).strip() if ending else ko.infinitive(action)
        return line(f"{ko.with_eu(stem, '으니까')} {wish}", f"{reason}, so {please}{english}")
    states, results = draw.one(REASONS)
    (stem, reason), (result, english) = draw.one(table(states)), draw.one(table(results))
    start = f"{me(style).topic} " if draw.maybe() else ""
    return line(f"{start}{ko.infinitive(stem)}서 {ko.past(result, style)}", f"{reason}, so {english}")


def conditions(draw: Draw) -> Pair:
    """내일 비가 오면 집에 있을 거예요. If it rains tomorrow, I'll stay at home."""
    style, (states, plans) = draw.style(), draw.one((*CONDITIONS, *CONDITIONS, WEALTH))
    (stem, condition), plan = draw.one(table(states)), draw.one(phrases(plans))
    when, time = draw.one((("", ""), ("내일 ", " tomorrow"), ("이번 주말에 ", " this weekend")))
    if states == WEALTH[0]:
        when = time = ""
    if draw.maybe(0.3):
        said = f"{when}{ko.with_eu(stem, '으면')} {ko.present(plan.ko + '고 싶', style, adjective=True)}"
        return line(said, f"if {condition}{time}, I want to {plan.en}")
    said = f"{when}{ko.with_eu(stem, '으면')} {ko.future(plan.ko, style)}"
    return line(said, f"if {condition}{time}, I'll {plan.en}")


def sequences(draw: Draw) -> Pair:
    """저는 커피를 마시고 책을 읽었어요. I drank coffee and read a book."""
    style, tense = draw.style(), draw.tense()
    person, first = somebody(draw, style), draw.one(ACTIONS)
    second = draw.one([action for action in ACTIONS if action != first])
    kind = draw.one(("and", "while", "before", "after"))
    if kind == "while":
        first = draw.one([action for action in BESIDE if action != second])
    verb = ko.tensed(second.ko, style, tense)
    if kind == "and":
        then = en.do(person.who, second.en, tense).removeprefix(person.who.en + " ")
        then = second.en if tense == "future" else then
        return line(f"{person.topic} {first.ko}고 {verb}", f"{en.do(person.who, first.en, tense)} and {then}")
    joined, word = {
        "while": (ko.with_eu(first.ko, "으면서"), "while"),
        "before": (f"{first.ko}기 전에", "before"),
        "after": (ko.with_eu(first.ko, "은 후에"), "after"),
    }[kind]
    return line(f"{person.topic} {joined} {verb}", f"{en.do(person.who, second.en, tense)} {word} {en.ing(first.en)}")


def contrasts(draw: Draw) -> Pair:
    """톰은 커피는 좋아하지만 차는 안 좋아해요. Tom likes coffee but doesn't like tea."""
    style, kind = draw.style(), draw.one(LIKINGS)
    person = somebody(draw, style)
    liked = draw.one(kind)
    disliked = draw.one([noun for noun in kind if noun != liked])
    verb = ko.present(ko.not_("좋아하", style), style)
    said = f"{ko.topic(liked.ko)} 좋아하지만 {ko.topic(disliked.ko)} {verb}"
    negative = f"{en.not_(person.who.does)} like {disliked.many}"
    return line(f"{person.topic} {said}", f"{en.do(person.who, f'like {liked.many}')} but {negative}")


def together(draw: Draw) -> Pair:
    """저는 친구와 영화를 봤어요. I watched a movie with a friend."""
    style, tense = draw.style(), draw.one(("past", "past", "future"))
    action = draw.one([action for action in ACTIONS if "친구" not in action.ko])
    person, name = somebody(draw, style), anyone(draw)
    friend = named(name, style)
    with_, english = draw.one((("친구", "a friend"), (friend.ko, friend.who.en), ("가족", "my family")))
    if (english == "my family" and person.who.en != "I") or english == person.who.en:
        with_, english = "친구", "a friend"
    when, time = draw.one(PAST_TIMES if tense == "past" else FUTURE_TIMES)
    said = f"{person.topic} {when} {ko.with_(with_, style)} {ko.tensed(action.ko, style, tense)}"
    return line(said, f"{en.do(person.who, action.en, tense)} with {english} {time}")


def experiences(draw: Draw) -> Pair:
    """저는 파리에 가 본 적이 있어요. I've been to Paris. 김치를 먹어 본 적이 있어요? Have you ever eaten kimchi?"""
    style = draw.style()
    person = somebody(draw, style)
    if draw.maybe():
        city = draw.one(CITIES)
        done = Phrase(f"{city.ko}에 가 본 적이", f"been to {city.en}")
    else:
        tried = draw.one((*TRIED, *EATEN))
        tries = ko.with_eu(tried.ko, "은") if tried.ko.endswith("보") else ko.infinitive(tried.ko) + " 본"
        done = Phrase(f"{tries} 적이", en.participle(tried.en))
    has = "has" if person.who.is_ == "is" else "have"
    kind = draw.one(("ever", "has", "never"))
    if kind == "ever":
        return line(f"{done.ko} {ko.ask('있', style)}", f"have you ever {done.en}", "?")
    verb = ko.present("있" if kind == "has" else "없", style)
    contracted = {"I": "I've", "we": "we've", "they": "they've"}.get(person.who.en, f"{person.who.en} {has}")
    never = "" if kind == "has" else "never "
    before = " before" if kind == "has" and not done.en.startswith("been") else ""
    return line(f"{person.topic} {done.ko} {verb}", f"{contracted} {never}{done.en}{before}")


def thoughts(draw: Draw) -> Pair:
    """톰이 바쁜 것 같아요. I think Tom is busy. 톰은 피곤하다고 했어요. Tom said he was tired."""
    style = draw.style()
    (name, pronoun), (them, _) = draw.one(FOREIGNERS), draw.one(FOREIGNERS)
    who = Who(name[1])
    kind = draw.one(("seems", "job", "likes", "did", "think", "know", "said", "will"))
    stem, english = draw.one((*FEELINGS, *TRAITS))
    seems = f"것 {ko.present('같', style, adjective=True)}"
    if kind == "job":
        job = draw.one(JOBS)
        return line(f"{ko.subject(name[0])} {job.ko}인 {seems}", f"I think {en.be(who, job.one)}")
    if kind in ("likes", "did", "will"):
        action = draw.one((*ACTIONS, *ERRANDS, *(MISHAPS if kind == "did" else ())))
        if kind == "likes":
            action = Phrase(
                ko.object_(them[0] if them != name else "한국") + " 좋아하",
                f"like {them[1] if them != name else 'Korea'}",
            )
        form = {
            "likes": ko.with_neun(action.ko),
            "did": ko.with_eu(action.ko, "은"),
            "will": ko.with_eu(action.ko, "을"),
        }
        tense = {"likes": "present", "did": "past", "will": "future"}[kind]
        return line(f"{ko.subject(name[0])} {form[kind]} {seems}", f"I think {en.do(who, action.en, tense)}")
    is_ = en.be(who, english)
    if kind == "seems":
        return line(f"{ko.subject(name[0])} {ko.noun_form(stem, adjective=True)} {seems}", f"I think {is_}")
    if kind == "said":
        stem, english = draw.one(FEELINGS)
        verb = ko.past("하" if draw.maybe() else "말하", style)
        return line(f"{ko.topic(name[0])} {stem}다고 {verb}", f"{name[1]} said {en.be(Who(pronoun), english, 'past')}")
    person = me(style)
    if kind == "think":
        said = f"{ko.subject(name[0])} {stem}다고 {ko.present('생각하', style)}"
        return line(f"{person.topic} {said}", f"I think {is_}")
    said = f"{ko.subject(name[0])} {stem}다는 것을 {ko.present('알', style)}"
    return line(f"{person.topic} {said}", f"I know {is_}")


def relatives(draw: Draw) -> Pair:
    """이것은 제가 산 책이에요. This is the book I bought. 톰이 만든 케이크는 맛있었어요."""
    style, (verb, nouns_) = draw.style(), draw.one(RELATED)
    (stem, does), (noun, english) = table(verb)[0], draw.one(table(nouns_))
    person = me(style) if draw.maybe(0.4) else named(anyone(draw), style)
    thing, what = (
        f"{person.subject} {ko.with_eu(stem, '은')} {noun}",
        f"the {english.lstrip('*')} {en.do(person.who, does, 'past')}",
    )
    kind = draw.one(("this", "this", "where", "not", "see"))
    this = "이것은" if style in ("formal", "plain") else "이건"
    if kind == "where":
        return line(f"{ko.topic(thing)} 어디에 {ko.ask('있', style)}", f"where is {what}", "?")
    if kind == "see":
        who = other(draw, style)
        if who.who.en == person.who.en:
            who = Person("우리", Who("we", "are"))
        return line(
            f"{who.topic} {ko.object_(thing)} {ko.past('좋아하', style)}", en.do(who.who, f"like {what}", "past")
        )
    said = ko.is_not(thing, style) if kind == "not" else ko.is_(thing, style)
    return line(f"{this} {said}", en.be(Who("this"), what, negative=kind == "not"))
