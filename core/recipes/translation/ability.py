"""Families of sentences about what one can, must and may do, and what one asks of others."""

from core.recipes.translation import english as en
from core.recipes.translation import korean as ko
from core.recipes.translation.english import YOU
from core.recipes.translation.parts import Draw, Pair, humble, line, my, somebody
from core.recipes.translation.words import ACTIONS, ERRANDS, FUTURE_TIMES, PAST_TIMES, SKILLS, Phrase, phrases, table

GOOD_AT = table(
    """수영 = swimming, 영어 = English, 요리 = cooking, 수학 = math, 노래 = singing, 운동 = sports,
    한국어 = Korean, 축구 = soccer,
    프랑스어 = French, 농구 = basketball, 테니스 = tennis, 중국어 = Chinese, 운전 = driving, 야구 = baseball,
    과학 = science"""
)
REQUESTS = phrases(
    """불을 켜 = turn on the light, 불을 끄 = turn off the light, 여기에 앉 = sit here, 잠깐 기다리 = wait a moment,
    천천히 말하 = speak slowly, 크게 말하 = speak loudly, 다시 한번 말하 = say it again, 이름을 쓰 = write your name,
    조용히 하 = be quiet, 책을 펴 = open the book, 여기에서 기다리 = wait here, 빨리 오 = come quickly,
    여기로 오 = come here,
    {my} 말을 듣 = listen to me, 영어로 말하 = speak in English, 한국어로 쓰 = write in Korean,
    {me}를 믿 = believe me,
    {me}를 기다리 = wait for me, 텔레비전을 끄 = turn off the TV, 라디오를 켜 = turn on the radio"""
)
TIMED_REQUESTS = phrases(
    """문을 열 = open the door, 문을 닫 = close the door, 창문을 열 = open the window, 창문을 닫 = close the window,
    {me}를 돕 = help me, {me}에게 전화하 = call me, 사진을 찍 = take a picture, 책을 읽 = read the book,
    문을 잠그 = lock the door,
    노래를 부르 = sing a song, 방을 청소하 = clean the room, 커피를 만들 = make coffee,
    부엌을 청소하 = clean the kitchen,
    김밥을 만들 = make gimbap, 편지를 쓰 = write a letter, 피아노를 치 = play the piano"""
)
REQUEST_TIMES = (("", ""), ("", ""), ("지금 ", " now"), ("나중에 ", " later"), ("내일 ", " tomorrow"))
FORBIDDEN = phrases(
    """울 = cry, 걱정하 = worry, 늦 = be late, 거짓말하 = lie, 잊 = forget, 웃 = laugh, 가 = go,
    {me}에게 전화하 = call me,
    {me}를 기다리 = wait for me, 문을 닫 = close the door, 불을 켜 = turn on the light, 여기에 앉 = sit here,
    포기하 = give up,
    수업에 늦 = be late for class, 돈을 빌리 = borrow money, 창문을 열 = open the window, {me}를 잊 = forget me"""
)
RULES = phrases(
    """사진을 찍 = take pictures, 담배를 피우 = smoke, 뛰 = run, 술을 마시 = drink alcohol, 자 = sleep,
    크게 말하 = speak loudly,
    음식을 먹 = eat food, 커피를 마시 = drink coffee, 전화하 = make phone calls, 노래를 부르 = sing, 놀 = play"""
)
PERMITTED = phrases(
    """여기에 앉 = sit here, 창문을 열 = open the window, 창문을 닫 = close the window, 들어가 = go in,
    사진을 찍 = take a picture,
    전화를 쓰 = use the phone, 질문하 = ask a question, 집에 가 = go home, 텔레비전을 보 = watch TV,
    이것을 먹 = eat this,
    이 책을 빌리 = borrow this book, 불을 끄 = turn off the light, 음악을 듣 = listen to music,
    여기에서 기다리 = wait here,
    화장실을 쓰 = use the bathroom, 여기에 주차하 = park here, 컴퓨터를 쓰 = use the computer,
    커피를 마시 = drink coffee,
    여기에서 자 = sleep here, 일찍 떠나 = leave early, 문을 잠그 = lock the door, 이 의자를 쓰 = use this chair"""
)
RULED = (  # where a rule holds
    ("여기에서", "here"),
    ("도서관에서", "in the library"),
    ("교실에서", "in the classroom"),
    ("버스에서", "on the bus"),
    ("박물관에서", "in the museum"),
    ("병원에서", "in the hospital"),
)


def abilities(draw: Draw) -> Pair:
    """저는 수영할 수 있어요. I can swim. 톰은 운전할 줄 알아요. Tom knows how to drive."""
    style, skill = draw.style(), draw.one(SKILLS)
    person = somebody(draw, style)
    kind = draw.one(("can", "can't", "could", "couldn't", "ask", "knows how"))
    if kind == "knows how":
        verb = ko.present(ko.with_eu(skill.ko, "을 줄 알"), style)
        return line(f"{person.topic} {verb}", en.do(person.who, f"know how to {skill.en}"))
    if kind == "ask":
        return line(ko.ask(ko.with_eu(skill.ko, "을 수 있"), style), f"can you {skill.en}", "?")
    stem = ko.with_eu(skill.ko, "을 수 " + ("없" if kind.endswith("n't") else "있"))
    verb = ko.tensed(stem, style, "past" if kind.startswith("could") else "present")
    return line(f"{person.topic} {verb}", f"{person.who.en} {kind} {skill.en}")


def good_at(draw: Draw) -> Pair:
    """톰은 수영을 잘해요. Tom is good at swimming."""
    style, (noun, english) = draw.style(), draw.one(GOOD_AT)
    person, noun = somebody(draw, style), ko.object_(noun)
    if draw.maybe(0.25):
        return line(f"{noun} {ko.ask('잘하', style)}", en.ask_be(YOU, f"good at {english}"), "?")
    stem, degree = draw.one(
        (("잘하", "good"), ("아주 잘하", "very good"), ("못하", "bad"), ("정말 잘하", "really good"))
    )
    return line(f"{person.topic} {noun} {ko.present(stem, style)}", en.be(person.who, f"{degree} at {english}"))


def told(phrase: Phrase, style: str) -> Phrase:
    """{me} and {my} as one says them in this style."""
    return Phrase(phrase.ko.format(me="저" if humble(style) else "나", my=my(style)), phrase.en)


def requests(draw: Draw) -> Pair:
    """문을 열어 주세요. Please open the door."""
    kind = draw.one(("주세요", "주십시오", "줘", "bare", "줄래", "주시겠어요", "주시겠습니까"))
    style = "casual" if kind in ("줘", "bare", "줄래") else "polite"
    timed = draw.maybe()
    phrase = told(draw.one(TIMED_REQUESTS if timed else REQUESTS), style)
    when, time = draw.one(REQUEST_TIMES) if timed else ("", "")
    if kind == "bare":
        return line(when + ko.infinitive(phrase.ko), phrase.en + time)
    verb = when + ko.favour(phrase.ko, kind)
    if kind == "줄래":
        return line(verb, f"can you {phrase.en}{time}", "?")
    if kind.startswith("주시겠"):
        return line(verb, f"could you {phrase.en}{time}", "?")
    return line(verb, f"please {phrase.en}{time}")


def prohibitions(draw: Draw) -> Pair:
    """여기에서 사진을 찍지 마세요. Please don't take pictures here."""
    style = draw.one(("polite", "formal", "casual"))
    phrase = told(draw.one(FORBIDDEN), style)
    if draw.maybe(0.6):
        (where, place), rule = draw.one(RULED), draw.one(RULES)
        phrase = Phrase(f"{where} {rule.ko}", f"{rule.en} {place}")
    end = {"polite": "지 마세요", "formal": "지 마십시오", "casual": "지 마"}[style]
    please = "" if style == "casual" else "please "
    return line(phrase.ko + end, f"{please}don't {phrase.en}")


def duties(draw: Draw) -> Pair:
    """저는 내일 일해야 해요. I have to work tomorrow. 톰은 일하지 않아도 돼요. Tom doesn't have to work."""
    style, action = draw.style(), draw.one((*ACTIONS, *ERRANDS))
    person = somebody(draw, style)
    must = ko.infinitive(action.ko) + "야 하"
    kind = draw.one(("must", "must", "had to", "need not", "ask"))
    when, time = draw.one(PAST_TIMES if kind == "had to" else FUTURE_TIMES)
    if kind == "need not":
        verb = ko.present(action.ko + "지 않아도 되", style)
        return line(f"{person.topic} {when} {verb}", en.do(person.who, f"have to {action.en} {time}", negative=True))
    if kind == "ask":
        return line(f"{when} {ko.ask(must, style)}", en.ask(YOU, f"have to {action.en} {time}"), "?")
    tense = "past" if kind == "had to" else "present"
    verb = ko.tensed(must, style, tense)
    return line(f"{person.topic} {when} {verb}", en.do(person.who, f"have to {action.en} {time}", tense))


def permission(draw: Draw) -> Pair:
    """여기에 앉아도 돼요? May I sit here? 여기에 앉으면 안 돼요. You must not sit here."""
    style, phrase = draw.spoken(), draw.one(PERMITTED)
    may = ko.infinitive(phrase.ko) + "도 되"
    kind = draw.one(("ask", "may", "must not", "yes", "no"))
    if kind == "ask":
        return line(ko.ask(may, style), f"{'can' if style == 'casual' else 'may'} I {phrase.en}", "?")
    yes, no = ("응", "아니") if style == "casual" else ("네", "아니요")
    if kind in ("may", "yes"):
        verb, english = ko.present(may, style), f"you may {phrase.en}"
        return line(f"{yes}, {verb}", f"yes, {english}") if kind == "yes" else line(verb, english)
    verb, english = ko.present(ko.with_eu(phrase.ko, "으면 안 되"), style), f"you must not {phrase.en}"
    return line(f"{no}, {verb}", f"no, {english}") if kind == "no" else line(verb, english)


def suggestions(draw: Draw) -> Pair:
    """같이 영화를 볼까요? Shall we watch a movie together?"""
    action = draw.one(ACTIONS)
    when, time = draw.one((("", ""), *FUTURE_TIMES))
    start, end = f"{when} 같이 ".lstrip(), f"together {time}".rstrip()
    stem = start + action.ko
    asked = draw.one(("polite", "casual", "casual wish", None, None))
    if asked:
        question = {"polite": "을까요", "casual": "을까", "casual wish": "을래"}[asked]
        english = "do you want to" if asked == "casual wish" else "shall we"
        return line(ko.with_eu(stem, question), f"{english} {action.en} {end}", "?")
    said = draw.one((ko.with_eu(stem, "읍시다"), stem + "자", ko.present(stem, "polite")))
    return line(said, f"let's {action.en} {end}")
