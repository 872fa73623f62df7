"""Families of sentences with which people greet, thank and introduce themselves."""

from core.recipes.translation import english as en
from core.recipes.translation import korean as ko
from core.recipes.translation.english import YOU, Who
from core.recipes.translation.parts import Draw, Pair, Person, anyone, call, line, me, my, named, somebody
from core.recipes.translation.words import CITIES, COUNTRIES, MEN, SIBLINGS, WOMEN, YOUNG, Noun, table

HELLO = {"casual": ("안녕", "hi"), "polite": ("안녕하세요", "hey"), "formal": ("안녕하십니까", "hello")}
MEETING = {  # what one says next
    "casual": table(
        "만나서 반가워 = nice to meet you, 오랜만이야 = long time no see, 다시 만나서 반가워 = nice to see you again"
    ),
    "polite": table(
        "만나서 반가워요 = good to know you, 오랜만이에요 = long time no see, "
        "다시 만나서 반가워요 = good to see you again"
    ),
    "formal": table("만나서 반갑습니다 = pleased to meet you, 오랜만입니다 = long time no see"),
}
FIRST = {"formal": table("처음 뵙겠습니다 = how do you do")}  # to somebody whose name one does not know yet
HOW_ARE_YOU = {"casual": "잘 지냈어", "polite": "잘 지냈어요", "formal": "잘 지내셨습니까"}
GOODBYE = {
    "casual": table("잘 가 = bye, 잘 있어 = bye, 잘 자 = sleep well"),
    "polite": table("안녕히 가세요 = goodbye, 안녕히 계세요 = goodbye, 안녕히 주무세요 = good night"),
}
GOODBYE["formal"] = table("안녕히 가십시오 = goodbye, 안녕히 계십시오 = goodbye, 안녕히 주무십시오 = good night")
SEE_YOU = table("내일 = tomorrow, 나중에 = later, 또 = again, 다음 주에 = next week, 월요일에 = on Monday, 곧 = soon")
SEEING = {"casual": "보자", "polite": "봐요", "formal": "뵙겠습니다"}
THANKS = table(
    """돕 = your help, 오 = coming, 기다리 = waiting, 초대하 = inviting me, 전화하 = calling, 가르치 = teaching me,
    찾아오 = visiting me, 만나 = meeting me, 돈을 빌리 = lending me money, 알리 = letting me know"""
)
SORRY = table(
    """늦 = I'm late, 전화하지 못하 = I couldn't call, 가지 못하 = I couldn't go,
    일찍 오지 못하 = I couldn't come early,
    돕지 못하 = I couldn't help, 약속을 잊 = I forgot the appointment, 거짓말하 = I lied,
    우산을 잃어버리 = I lost the umbrella,
    문을 닫지 않 = I didn't close the door, 이름을 잊 = I forgot your name"""
)
THANK_YOU = {"casual": "고마워", "polite": "고마워요", "formal": "감사합니다"}
I_AM_SORRY = {"casual": "미안해", "polite": "미안해요", "formal": "죄송합니다"}


def hellos(draw: Draw) -> Pair:
    """안녕하세요, 만나서 반가워요. Hey, good to know you."""
    style = draw.one(("casual", "polite", "formal"))
    hello, english = HELLO[style]
    kind = draw.one(("alone", "meeting", "meeting", "how", "said"))
    if kind == "alone":
        return line(hello, english)
    if kind == "how":
        return line(f"{hello}, {HOW_ARE_YOU[style]}", f"{english}, how have you been", "?")
    said, meaning = draw.one(MEETING[style] + FIRST.get(style, ()))
    return line(said, meaning) if kind == "said" else line(f"{hello}, {said}", f"{english}, {meaning}")


def greetings(draw: Draw) -> Pair:
    """안녕, 유나야, 오랜만이야. Hi, Yuna, long time no see. 안녕하세요, 저는 민수예요. Hey, I'm Minsu."""
    style, name = draw.one(("casual", "polite", "formal")), anyone(draw)
    hello, english = HELLO[style]
    if draw.maybe():
        hello, english = f"{hello}, {me(style).topic} {ko.is_(name[0], style)}", f"{english}, I'm {name[1]}"
        said, meaning = draw.one(MEETING[style][:1] + FIRST.get(style, ()))
        return (
            line(hello, english) if draw.maybe() else line(f"{hello}. {said}", f"{english}. {en.sentence(meaning, '')}")
        )
    hello, english = f"{hello}, {call(name, style)}", f"{english}, {name[1]}"
    kind = draw.one(("alone", "meeting", "meeting", "how"))
    if kind == "alone":
        return line(hello, english)
    if kind == "how":
        return line(f"{hello}, {HOW_ARE_YOU[style]}", f"{english}, how have you been", "?")
    said, meaning = draw.one(MEETING[style])
    return line(f"{hello}, {said}", f"{english}, {meaning}")


def farewells(draw: Draw) -> Pair:
    """안녕히 가세요, 내일 봐요. Goodbye, see you tomorrow."""
    style = draw.one(("casual", "polite", "formal"))
    (bye, english), (when, time) = draw.one(GOODBYE[style]), draw.one(SEE_YOU)
    seeing, see = f"{when} {SEEING[style]}", f"see you {time}"
    name = draw.one((None, anyone(draw)))
    if name:
        bye, english = f"{bye}, {call(name, style)}", f"{english}, {name[1]}"
    if draw.maybe(0.3):
        return line(bye, english)
    return line(f"{bye}, {seeing}", f"{english}, {see}") if draw.maybe(0.6) else line(seeing, see)


def thanks(draw: Draw) -> Pair:
    """도와줘서 고마워요. Thank you for your help. 늦어서 미안해요. I'm sorry I'm late."""
    style = draw.one(("casual", "polite", "formal"))
    name = draw.one((None, None, anyone(draw)))
    start, end = (f"{call(name, style)}, ", f", {name[1]}") if name else ("", "")
    if draw.maybe(0.4):
        stem, english = draw.one(SORRY)
        return line(f"{start}{ko.infinitive(stem)}서 {I_AM_SORRY[style]}", f"I'm sorry {english}{end}")
    stem, english = draw.one(THANKS)
    giving = ko.favour(stem, "줘서" if style == "casual" else "주셔서")
    degree, much = draw.one((("", ""), ("정말 ", " so much")))
    return line(f"{start}{giving} {degree}{THANK_YOU[style]}", f"thank you{much} for {english}{end}")


def name_for(draw: Draw, noun: Noun) -> tuple[str, str]:
    """A name that suits a son or a daughter."""
    return draw.one(WOMEN if noun.en.endswith(("sister", "daughter", "mother")) else MEN)


def introductions(draw: Draw) -> Pair:
    """저는 한국 사람이에요. I'm Korean. 제 이름은 유나예요. My name is Yuna."""
    style = draw.style()
    kind = draw.one(("name", "name", "name of", "country", "city", "age", "live", "ask"))
    person = somebody(draw, style)
    name = anyone(draw)
    if kind == "name":
        if draw.maybe():
            return line(f"{my(style)} 이름은 {ko.is_(name[0], style)}", f"my name is {name[1]}")
        return line(f"{me(style).topic} {ko.is_(name[0], style)}", f"I'm {name[1]}")
    if kind == "name of":
        noun = draw.one((*SIBLINGS, *YOUNG))
        name, whose = name_for(draw, noun), f"{my(style)} {noun.ko} 이름은"
        return line(f"{whose} {ko.is_(name[0], style)}", f"my {noun.en}'s name is {name[1]}")
    if kind == "country":
        country, english = draw.one(COUNTRIES)
        if draw.maybe(0.25):
            return line(
                f"{person.topic} {ko.is_not(f'{country} 사람', style)}", en.be(person.who, english, negative=True)
            )
        return line(f"{person.topic} {ko.is_(f'{country} 사람', style)}", en.be(person.who, english))
    city = draw.one(CITIES)
    if kind == "city":
        return line(f"{person.topic} {city.ko}에서 {ko.past('오', style)}", en.be(person.who, f"from {city.en}"))
    if kind == "live":
        return line(f"{person.topic} {city.ko}에 {ko.present('살', style)}", en.do(person.who, f"live {city.at}"))
    if kind == "ask":
        return line(f"{city.ko}에 {ko.ask('살', style)}", en.ask(YOU, f"live {city.at}"), "?")
    return ages(draw, style)


def ages(draw: Draw, style: str) -> Pair:
    """저는 스물다섯 살이에요. I'm twenty-five years old."""
    noun, age = draw.one(YOUNG), draw.number(18, 60)
    person = me(style) if draw.maybe() else named(anyone(draw), style)
    if draw.maybe(0.4):
        person, age = Person(f"{my(style)} {noun.ko}", Who(f"my {noun.en}")), draw.number(1, 30)
    years = en.count(age, "year")
    return line(f"{person.topic} {ko.is_(ko.native(age) + ' 살', style)}", en.be(person.who, f"{years} old"))
