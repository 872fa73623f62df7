"""Families of sentences about things: what they are like, how they taste, what they cost, how many there are."""

from core.recipes.translation import english as en
from core.recipes.translation import korean as ko
from core.recipes.translation.english import Who, listed
from core.recipes.translation.parts import Draw, Pair, line, me, somebody
from core.recipes.translation.words import COUNTED, COUNTER, Noun, nouns, table

DEGREES = table("아주 = very, 정말 = really")
TOO_MUCH = table("너무 = too, 조금 = a little")  # of what one may have too much of
EXCESSIVE = listed(
    "expensive big small heavy light dark cold hot difficult easy long short spicy salty sweet slow boring dirty quiet "
    "dangerous sad"
)
THESE = table("이 = this, 그 = that, 저 = that")
DEAR = "비싸 = expensive, 싸 = cheap, "
QUALITIES = (  # things, and what they can be
    (
        nouns(
            "가방 = bag, 시계 = watch, 모자 = hat, 우산 = umbrella, 컴퓨터 = computer, 카메라 = camera, 의자 = chair"
        ),
        table(DEAR + "크 = big, 작 = small, 예쁘 = pretty, 무겁 = heavy, 가볍 = light, 좋 = good"),
    ),
    (
        nouns(
            "방 = room, 집 = house, 교실 = classroom, 부엌 = kitchen, 식당 = restaurant, 도서관 = library, 호텔 = hotel"
        ),
        table(
            "크 = big, 작 = small, 깨끗하 = clean, 더럽 = dirty, 따뜻하 = warm, 춥 = cold, 어둡 = dark, 조용하 = quiet"
        ),
    ),
    (
        nouns("책 = book, 영화 = movie, 소설 = novel, 이야기 = story, 드라마 = drama, 수업 = class"),
        table("재미있 = interesting, 재미없 = boring, 길 = long, 짧 = short, 어렵 = difficult, 쉽 = easy, 슬프 = sad"),
    ),
    (
        nouns("시험 = exam, 문제 = problem, 숙제 = *homework, 질문 = question, 게임 = game"),
        table("어렵 = difficult, 쉽 = easy, 중요하 = important, 간단하 = simple"),
    ),
    (
        nouns("고양이 = cat, 개 = dog, 토끼 = rabbit, 말 = horse, 새 = bird, 코끼리 = elephant"),
        table("귀엽 = cute, 크 = big, 작 = small, 똑똑하 = smart, 빠르 = fast, 느리 = slow, 조용하 = quiet"),
    ),
    (
        nouns("차 = car, 기차 = train, 버스 = bus, 배 = ship, 자전거 = bicycle, 비행기 = plane"),
        table(DEAR + "빠르 = fast, 느리 = slow, 크 = big, 편하 = comfortable, 안전하 = safe, 위험하 = dangerous"),
    ),
    (
        nouns("도시 = city, 공원 = park, 산 = mountain, 섬 = island, 강 = river, 마을 = village"),
        table("아름답 = beautiful, 유명하 = famous, 조용하 = quiet, 크 = big, 작 = small, 깨끗하 = clean"),
    ),
)
TASTES = (
    (
        nouns(
            "김치 = *kimchi, 비빔밥 = *bibimbap, 떡볶이 = *tteokbokki, 라면 = *ramen, 국 = *soup, 찌개 = *stew, "
            "파스타 = *pasta"
        ),
        table(DEAR + "맛있 = delicious, 맵 = spicy, 짜 = salty, 뜨겁 = hot"),
    ),
    (
        nouns(
            "사과 = apple, 바나나 = banana, 딸기 = strawberry, 오렌지 = orange, 케이크 = cake, 수박 = watermelon, "
            "복숭아 = peach"
        ),
        table(DEAR + "맛있 = delicious, 달 = sweet, 크 = big, 작 = small"),
    ),
    (
        nouns("커피 = *coffee, 녹차 = *green tea, 우유 = *milk, 주스 = *juice, 물 = *water"),
        table(DEAR + "뜨겁 = hot, 차갑 = cold, 따뜻하 = warm, 맛있 = delicious"),
    ),
)
MOST = {"대": 2, "병": 3, "켤레": 3, "잔": 5, "조각": 5}  # that one person buys at once; else a dozen
BOUGHT = ("개", "권", "장", "송이", "대", "자루", "켤레")
ENJOYED = {"잔": ("마시", "drink"), "병": ("마시", "drink"), "조각": ("먹", "eat"), "권": ("읽", "read")}
GROCERIES = COUNTED["개"][:6]
SPOTS = (  # where, and what there is
    ("책상 위", "on the desk", "책, 연필, 컵, 컴퓨터, 사전, 시계, 펜"),
    ("냉장고 안", "in the refrigerator", "계란, 사과, 오렌지, 토마토, 감자"),
    ("가방 안", "in the bag", "책, 공책, 우산, 카메라, 연필, 모자"),
    ("방 안", "in the room", "의자, 침대, 컴퓨터, 고양이, 책상, 시계"),
    ("교실", "in the classroom", "학생, 책상, 의자, 선생님, 컴퓨터"),
    ("공원", "in the park", "아이, 개, 새, 자전거, 토끼"),
    ("침대 아래", "under the bed", "고양이, 가방, 책, 개, 컵"),
    ("농장", "on the farm", "소, 말, 돼지, 닭, 개"),
    ("집 앞", "in front of the house", "차, 자전거, 개, 아이, 의자"),
    ("문 뒤", "behind the door", "고양이, 우산, 가방, 아이, 의자"),
)


def qualities(draw: Draw) -> Pair:
    """이 가방은 아주 비싸요. This bag is very expensive."""
    return described(draw, *draw.one(QUALITIES))


def tastes(draw: Draw) -> Pair:
    """이 김치는 너무 매워요. This kimchi is too spicy."""
    return described(draw, *draw.one(TASTES))


def described(draw: Draw, things: tuple[Noun, ...], adjectives: tuple[tuple[str, str], ...]) -> Pair:
    style, tense = draw.style(), draw.one(("present", "present", "past"))
    thing, (stem, english) = draw.one(things), draw.one(adjectives)
    this, that = draw.one(THESE)
    noun, who = ko.topic(f"{this} {thing.ko}"), Who(f"{that} {thing.en}")
    kind = draw.one(("is", "is", "is", "is not", "ask"))
    if kind == "ask":
        return line(f"{noun} {ko.ask(stem, style, tense)}", en.ask_be(who, english, tense), "?")
    if kind == "is not":
        verb = ko.tensed(stem + "지 않", style, tense, adjective=True)
        return line(f"{noun} {verb}", en.be(who, english, tense, negative=True))
    degree, much = draw.one((*DEGREES, ("", ""), *(TOO_MUCH if english in EXCESSIVE else ())))
    verb = f"{degree} {ko.tensed(stem, style, tense, adjective=True)}".strip()
    return line(f"{noun} {verb}", en.be(who, f"{much} {english}".strip(), tense))


def comparisons(draw: Draw) -> Pair:
    """이 가방은 저 가방보다 더 비싸요. This bag is more expensive than that bag."""
    style, (things, adjectives) = draw.style(), draw.one((*QUALITIES, *TASTES))
    one, (stem, english) = draw.one(things), draw.one(adjectives)
    other = one if draw.maybe() else draw.one([thing for thing in things if thing != one])
    noun, than = f"이 {one.ko}", f"{draw.one(('그', '저'))} {other.ko}"
    if draw.maybe(0.25):
        question = f"{ko.with_(noun, style)} {than} 중에 뭐가 더 {ko.ask(stem, style)}"
        return line(question, f"which is {en.more(english)}, this {one.en} or that {other.en}", "?")
    verb = f"{than}보다 더 {ko.present(stem, style, adjective=True)}"
    return line(f"{ko.topic(noun)} {verb}", en.be(Who(f"this {one.en}"), f"{en.more(english)} than that {other.en}"))


def modified(draw: Draw) -> Pair:
    """이것은 재미있는 책이에요. This is an interesting book. 저는 예쁜 모자를 샀어요. I bought a pretty hat."""
    style, kind = draw.style(), draw.number(0, len(QUALITIES) - 1)
    things, adjectives = QUALITIES[kind]
    thing, (stem, english) = draw.one([t for t in things if not t.mass]), draw.one(adjectives)
    noun, what = f"{ko.noun_form(stem, adjective=True)} {thing.ko}", en.a(f"{english} {thing.en}")
    if kind == 0 and draw.maybe(0.6):
        person, (verb, does) = (
            somebody(draw, style),
            draw.one((("사", "buy"), ("갖고 있", "have"), ("찾고 있", "look for"))),
        )
        if does == "buy":
            return line(
                f"{person.topic} {ko.object_(noun)} {ko.past(verb, style)}", en.do(person.who, f"buy {what}", "past")
            )
        english = en.do(person.who, f"have {what}") if does == "have" else en.be(person.who, f"looking for {what}")
        return line(f"{person.topic} {ko.object_(noun)} {ko.present(verb, style)}", english)
    this = "여기는" if kind in (1, 6) else "이것은" if style in ("formal", "plain") else "이건"
    negative = draw.maybe(0.25)
    said = ko.is_not(noun, style) if negative else ko.is_(noun, style)
    return line(f"{this} {said}", en.be(Who("this"), what, negative=negative))


def price(draw: Draw, dear: bool) -> int:
    """One or two figures and zeros: 500, 3,000, 15,000, 240,000."""
    if dear:
        return draw.one((1000, 10_000)) * (draw.number(1, 99) if draw.maybe() else draw.number(1, 9))
    return 100 * draw.number(1, 99) if draw.maybe() else 1000 * draw.number(1, 30)


def prices(draw: Draw) -> Pair:
    """이 가방은 만 오천 원이에요. This bag is 15,000 won. 사과 세 개에 얼마예요? How much are three apples?"""
    style, dear = draw.spoken(), draw.maybe(0.4)
    kind = draw.one(("ask", "is", "is", "bought", "ask count", "count"))
    won = price(draw, dear and "count" not in kind)
    amount, cost = f"{ko.sino(won)} 원", f"{won:,} won"
    thing, (this, that) = draw.one((QUALITIES[0] if dear else draw.one(TASTES))[0]), draw.one(THESE)
    noun = f"{this} {thing.ko}"
    if kind == "ask":
        return line(f"{ko.topic(noun)} {how_much(style)}", f"how much is {that} {thing.en}", "?")
    if kind == "is":
        return line(f"{ko.topic(noun)} {ko.is_(amount, style)}", en.be(Who(f"{that} {thing.en}"), cost))
    if kind == "bought":
        person = somebody(draw, style)
        said = f"{person.topic} {ko.object_(noun)} {amount}에 {ko.past('사', style)}"
        return line(said, f"{en.do(person.who, f'buy {that} {thing.en}', 'past')} for {cost}")
    some, english, n = counted(draw, ("과일", "권", "장", "송이", "잔", "자루"))
    if kind == "ask count":
        return line(f"{some}에 {how_much(style)}", f"how much {'is' if n == 1 else 'are'} {english}", "?")
    return line(f"{some}에 {ko.is_(amount, style)}", en.be(Who(english, "is" if n == 1 else "are"), cost))


def how_much(style: str) -> str:
    return {"polite": "얼마예요", "formal": "얼마입니까", "casual": "얼마야", "plain": "얼마니"}[style]


def counted(draw: Draw, counters: tuple[str, ...]) -> tuple[str, str, int]:
    """사과 세 개, three apples, 3"""
    counter = draw.one(counters)
    noun = draw.one(GROCERIES if counter == "과일" else COUNTED[counter])
    n = draw.number(1, MOST.get(counter, 12))
    return f"{noun.ko} {ko.native(n)} {counter.replace('과일', '개')}", en.count(n, noun.en), n


def orders(draw: Draw) -> Pair:
    """커피 두 잔하고 케이크 한 조각 주세요. Two cups of coffee and one piece of cake, please."""
    kinds = ("잔", "병", "조각", "과일") if draw.maybe(0.7) else ("장", "송이", "자루", "권", "켤레")
    some, english, _ = counted(draw, kinds)
    if draw.maybe():
        more, also, _ = counted(draw, kinds)
        if more.split()[0] != some.split()[0]:
            some, english = f"{some}하고 {more}", f"{english} and {also}"
    return line(f"{some} {draw.one(('주세요', '주십시오', '줘'))}", f"{english}, please")


def shopping(draw: Draw) -> Pair:
    """저는 사과를 세 개 샀어요. I bought three apples. 톰은 커피를 두 잔 마셨어요. Tom drank two cups of coffee."""
    style, counter = draw.style(), draw.one((*BOUGHT, *ENJOYED))
    person, n = somebody(draw, style), draw.number(1, MOST.get(counter, 12))
    verb, english = ENJOYED.get(counter, ("사", "buy")) if draw.maybe() or counter not in BOUGHT else ("사", "buy")
    noun = draw.one(COUNTED[counter])
    many = f"{ko.object_(noun.ko)} {ko.native(n)} {counter}"
    what = f"{english} {en.count(n, noun.en)}"
    kind = draw.one(("past", "past", "future", "wish"))
    if kind == "wish":
        own = me(style)
        verb = ko.present(f"{verb}고 싶", style, adjective=True)
        return line(f"{own.topic} {many} {verb}", en.do(own.who, f"want to {what}"))
    return line(f"{person.topic} {many} {ko.tensed(verb, style, kind)}", en.do(person.who, what, kind))


def existence(draw: Draw) -> Pair:
    """책상 위에 책이 두 권 있어요. There are two books on the desk."""
    style, (spot, where, things) = draw.style(), draw.one(SPOTS)
    ko_noun = draw.one(things.split(", "))
    counter = COUNTER[ko_noun]
    noun = next(n for n in COUNTED[counter] if n.ko == ko_noun)
    thing, n = f"{spot}에 {ko.subject(noun.ko)}", draw.number(1, 10)
    kind = draw.one(("is", "count", "count", "none", "ask", "how many"))
    if kind == "is":
        return line(f"{thing} {ko.present('있', style)}", f"there is {noun.one} {where}")
    if kind == "none":
        return line(f"{thing} {ko.present('없', style)}", f"there are no {noun.many} {where}")
    if kind == "ask":
        return line(f"{thing} {ko.ask('있', style)}", f"is there {noun.one} {where}", "?")
    if kind == "how many":
        return line(f"{thing} 몇 {counter} {ko.ask('있', style)}", f"how many {noun.many} are there {where}", "?")
    verb = f"{ko.native(n)} {counter} {ko.present('있', style)}"
    return line(f"{thing} {verb}", f"there {'is' if n == 1 else 'are'} {en.count(n, noun.en)} {where}")
