"""Families of sentences about people: kin, work, character and feelings, and what they own and give."""

from core.recipes.translation import english as en
from core.recipes.translation import korean as ko
from core.recipes.translation.english import YOU, Who
from core.recipes.translation.parts import Draw, Pair, Person, anyone, line, me, my, named, other, somebody
from core.recipes.translation.words import CITIES, JOBS, MEN, SIBLINGS, SITES, THINGS, WOMEN, YOUNG, nouns, table

ELDERS = table("어머니 = mother, 아버지 = father, 할머니 = grandmother, 할아버지 = grandfather")
FEELINGS = table("피곤하 = tired, 바쁘 = busy, 아프 = sick, 행복하 = happy, 배고프 = hungry, 목마르 = thirsty")
OWN_FEELINGS = table("슬프 = sad, 기쁘 = glad, 졸리 = sleepy, 외롭 = lonely, 심심하 = bored, 무섭 = scared")
TRAITS = table(
    "친절하 = kind, 똑똑하 = smart, 정직하 = honest, 부지런하 = hardworking, 키가 크 = tall, 젊 = young, "
    "유명하 = famous"
)
TRAITS += table("예의가 바르 = polite, 재미있 = funny, 용감하 = brave, 착하 = nice, 게으르 = lazy, 조용하 = quiet")
MANS = tuple(noun for noun in SIBLINGS if noun.ko not in ("오빠", "언니"))  # what a man calls his siblings
WOMANS = tuple(noun for noun in SIBLINGS if noun.ko not in ("형", "누나"))
ACHES = table(
    "머리 = head, 배 = stomach, 목 = throat, 다리 = leg, 팔 = arm, 발 = foot, 어깨 = shoulder, 등 = back, 이 = tooth"
)
DEGREES = table("아주 = very, 정말 = really")
TOO_MUCH = table("너무 = too, 조금 = a little")
GIVING = (  # to somebody, to an elder, in English, and what
    (
        "주",
        "드리",
        "give",
        "꽃 = flower, 책 = book, 선물 = present, 편지 = letter, 돈 = *money, 사과 = apple, 물 = *water",
    ),
    (
        "보내",
        "보내 드리",
        "send",
        "편지 = letter, 선물 = present, 사진 = picture, 이메일 = email, 돈 = *money, 꽃 = flower",
    ),
    (
        "보여 주",
        "보여 드리",
        "show",
        "사진 = picture, 편지 = letter, 시계 = watch, 지도 = map, 책 = book, 그림 = painting",
    ),
    (
        "빌려주",
        "빌려드리",
        "lend",
        "책 = book, 돈 = *money, 우산 = umbrella, 사전 = dictionary, 펜 = pen, 카메라 = camera",
    ),
    (
        "사 주",
        "사 드리",
        "buy",
        "꽃 = flower, 모자 = hat, 시계 = watch, 책 = book, 가방 = bag, 지갑 = wallet, 우산 = umbrella",
    ),
)
COLOURS = table(
    "빨간색 = red, 파란색 = blue, 노란색 = yellow, 초록색 = green, 검은색 = black, 하얀색 = white, 보라색 = purple"
)


def elder(draw: Draw) -> Person:
    """Somebody of whom one speaks with respect: 우리 어머니."""
    noun, english = draw.one(ELDERS)
    return Person(f"우리 {noun}", Who(f"my {english}"))


def relative(draw: Draw, style: str) -> Person:
    noun = draw.one((*SIBLINGS, *YOUNG))
    return Person(f"{my(style)} {noun.ko}", Who(f"my {noun.en}"))


def family(draw: Draw) -> Pair:
    """저는 형이 두 명 있어요. I have two older brothers. 우리 어머니는 의사세요. My mother is a doctor."""
    style = draw.style()
    kind = draw.one(("have", "have", "none", "elder's job", "elder lives", "elder works", "size", "ask"))
    if kind in ("have", "none", "ask"):
        return siblings(draw, style, kind)
    person, job, city = elder(draw), draw.one([job for job in JOBS if "student" not in job.en]), draw.one(CITIES)
    if kind == "elder's job":
        return line(f"{person.topic} {honoured(job.ko, style)}", en.be(person.who, job.one))
    if kind == "elder lives":
        return line(f"{person.topic} {city.ko}에 {ko.honour('살', style)}", en.do(person.who, f"live {city.at}"))
    if kind == "elder works":
        place = draw.one(SITES)
        return line(f"{person.topic} {place.ko}에서 {ko.honour('일하', style)}", en.do(person.who, f"work {place.at}"))
    n = draw.number(2, 9)
    return line(f"우리 가족은 {ko.is_(ko.native(n) + ' 명', style)}", f"there are {en.number(n)} people in my family")


def honoured(noun: str, style: str) -> str:
    """Who an elder is: 의사세요, 선생님이세요."""
    ends = {"polite": "이세요/세요", "formal": "이십니다/십니다", "casual": "이셔/셔", "plain": "이시다/시다"}
    return ko.particle(noun, ends[style])


def siblings(draw: Draw, style: str, kind: str) -> Pair:
    woman, n = draw.maybe(), draw.number(1, 3)
    noun = draw.one((*(WOMANS if woman else MANS), *YOUNG[:2]))
    if kind == "ask":
        return line(f"{ko.subject(noun.ko)} {ko.ask('있', style)}", en.ask(YOU, f"have {noun.one}"), "?")
    person = me(style) if draw.maybe(0.6) else named(draw.one(WOMEN if woman else MEN), style)
    if kind == "none":
        verb = ko.present("없", style)
        return line(
            f"{person.topic} {ko.subject(noun.ko)} {verb}", en.do(person.who, f"have {noun.one}", negative=True)
        )
    verb = f"{ko.subject(noun.ko)} {ko.native(n)} 명 {ko.present('있', style)}"
    return line(f"{person.topic} {verb}", en.do(person.who, f"have {en.count(n, noun.en)}"))


def jobs(draw: Draw) -> Pair:
    """톰은 의사예요. Tom is a doctor. 제 여동생은 은행에서 일해요. My younger sister works at the bank."""
    style, job = draw.style(), draw.one(JOBS)
    person = draw.one((somebody(draw, style), relative(draw, style), other(draw, style)))
    if person.who.is_ == "are":
        person = me(style)
    kind = draw.one(("is", "is", "is not", "was", "works", "ask", "are you"))
    if kind == "works":
        place = draw.one(SITES)
        return line(f"{person.topic} {place.ko}에서 {ko.present('일하', style)}", en.do(person.who, f"work {place.at}"))
    if kind == "is not":
        return line(f"{person.topic} {ko.is_not(job.ko, style)}", en.be(person.who, job.one, negative=True))
    if kind == "are you":
        ends = {"polite": "이세요/세요", "formal": "이십니까/십니까", "casual": "이야/야", "plain": "이니/니"}
        you = "너는 " if style in ("casual", "plain") else ""
        return line(you + ko.particle(job.ko, ends[style]), en.ask_be(YOU, job.one), "?")
    if kind == "ask":
        person = named(anyone(draw), style)
        ends = {"polite": "이에요/예요", "formal": "입니까/입니까", "casual": "이야/야", "plain": "이니/니"}
        return line(f"{person.topic} {ko.particle(job.ko, ends[style])}", en.ask_be(person.who, job.one), "?")
    tense = "past" if kind == "was" else "present"
    return line(f"{person.topic} {ko.is_(job.ko, style, tense)}", en.be(person.who, job.one, tense))


def feelings(draw: Draw) -> Pair:
    """저는 어제 아주 피곤했어요. I was very tired yesterday. 머리가 아파요. My head hurts."""
    style, tense = draw.style(), draw.one(("present", "past"))
    if draw.maybe(0.15):
        part, english = draw.one(ACHES)
        return line(f"{ko.subject(part)} {ko.tensed('아프', style, tense)}", en.do(Who(f"my {english}"), "hurt", tense))
    person = somebody(draw, style)
    stem, english = draw.one((*FEELINGS, *OWN_FEELINGS) if person.who.en == "I" else FEELINGS)
    if draw.maybe(0.2):
        return line(ko.ask(stem, style), en.ask_be(YOU, english), "?")
    when, time = draw.one(
        (("", ""), ("오늘 ", " today")) if tense == "present" else (("어제 ", " yesterday"), ("", ""))
    )
    if draw.maybe(0.25):
        verb = ko.tensed(stem + "지 않", style, tense, adjective=True)
        return line(f"{person.topic} {when}{verb}", en.be(person.who, english, tense, negative=True) + time)
    degree, much = draw.one((*DEGREES, ("", ""), *(TOO_MUCH if english not in ("happy", "glad") else ())))
    verb = f"{degree} {ko.tensed(stem, style, tense, adjective=True)}".strip()
    return line(f"{person.topic} {when}{verb}", en.be(person.who, f"{much} {english}".strip(), tense) + time)


def characters(draw: Draw) -> Pair:
    """톰은 아주 친절해요. Tom is very kind. 메리는 똑똑한 사람이에요. Mary is a smart person."""
    style = draw.style()
    person = relative(draw, style) if draw.maybe(0.3) else other(draw, style)
    stem, english = draw.one(TRAITS)
    kind = draw.one(("is", "is", "is not", "person", "most"))
    if kind == "person" and person.who.is_ == "is":
        noun = f"{ko.noun_form(stem, adjective=True)} 사람"
        return line(f"{person.topic} {ko.is_(noun, style)}", en.be(person.who, f"{en.a(english)} person"))
    if kind == "most" and person.who.is_ == "is":
        group, among = draw.one((("우리 반에서", "in our class"), ("우리 가족 중에서", "in our family")))
        verb = f"{group} 제일 {ko.present(stem, style, adjective=True)}"
        return line(f"{person.topic} {verb}", en.be(person.who, f"{en.most(english)} {among}"))
    if kind == "is not":
        verb = ko.present(stem + "지 않", style, adjective=True)
        return line(f"{person.topic} {verb}", en.be(person.who, english, negative=True))
    degree, much = draw.one((*DEGREES, ("", "")))
    verb = f"{degree} {ko.present(stem, style, adjective=True)}".strip()
    return line(f"{person.topic} {verb}", en.be(person.who, f"{much} {english}".strip()))


def belongings(draw: Draw) -> Pair:
    """이것은 제 책이에요. This is my book. 톰의 가방은 빨간색이에요. Tom's bag is red. 이건 누구 거예요?"""
    style, thing = draw.style(), draw.one(THINGS)
    name = anyone(draw)
    owner, whose = (my(style), "my") if draw.maybe() else (named(name, style).ko + "의", f"{name[1]}'s")
    kind = draw.one(("this is", "this is", "this is not", "colour", "ask", "is this"))
    this, that = draw.one((("이", "this"), ("그", "that"), ("저", "that")))
    pointed = ko.topic(this + "것") if style in ("formal", "plain") else this + "건"
    if kind == "ask":
        return line(f"{ko.topic(f'{this} {thing.ko}')} {of_whom(style)}", f"whose is {that} {thing.en}", "?")
    if kind == "colour":
        colour, english = draw.one(COLOURS)
        return line(f"{ko.topic(f'{owner} {thing.ko}')} {ko.is_(colour, style)}", f"{whose} {thing.en} is {english}")
    who, noun = Who(that), f"{owner} {thing.ko}"
    if kind == "this is not":
        return line(f"{pointed} {ko.is_not(noun, style)}", en.be(who, f"{whose} {thing.en}", negative=True))
    return line(f"{pointed} {ko.is_(noun, style)}", en.be(who, f"{whose} {thing.en}"))


def of_whom(style: str) -> str:
    return {"polite": "누구 거예요", "formal": "누구 것입니까", "casual": "누구 거야", "plain": "누구 것이니"}[style]


def giving(draw: Draw) -> Pair:
    """톰은 메리에게 꽃을 줬어요. Tom gave Mary a flower. 저는 어머니께 책을 드렸어요. I gave my mother a book."""
    style, (verb, humbly, english, gifts) = draw.style(), draw.one(GIVING)
    gift = draw.one(nouns(gifts))
    to = "한테" if style == "casual" else "에게"
    giver = somebody(draw, style)
    if draw.maybe(0.25):
        noun, parent = draw.one(ELDERS)
        said = f"{me(style).topic} {noun}께 {ko.object_(gift.ko)} {ko.past(humbly, style)}"
        return line(said, f"I {en.past(english)} my {parent} {gift.one}")
    taker = named(anyone(draw), style)
    takes, who = taker.ko, taker.who.en
    if giver.who.en not in ("I", "we") and draw.maybe(0.4):
        takes, who = me(style).ko, "me"
    if takes == giver.ko:
        giver = me(style)
    said = f"{takes}{to} {ko.object_(gift.ko)} {ko.past(verb, style)}"
    return line(f"{giver.topic} {said}", en.do(giver.who, f"{english} {who} {gift.one}", "past"))
