"""A grammar of Korean and English that makes sentence pairs: families of templates, drawn evenly, the same every time.

Each Korean sentence has one English one. Both kinds of speech are in it, polite (-요, -습니다) and casual (-아, -어),
and the plain form of books (-다). A Korean sentence without its full stop is answered without one and without a
capital, as people write to each other: 안녕하세요, 만나서 반가워요 -> hey, good to know you.
"""

from collections.abc import Callable

from core.recipes.translation import ability, clauses, everyday, meeting, people, things, world
from core.recipes.translation.parts import Draw, Pair
from core.recipes.translation.words import FOREIGN_NAMES, KOREAN_NAMES

OPENING = Pair("안녕하세요, 만나서 반가워요", "hey, good to know you")
NAMES = {en for _, en in KOREAN_NAMES + FOREIGN_NAMES} | {"I"}  # words that keep their capital
BARE = 0.2  # share of statements that are written without a full stop
FAMILIES: dict[str, Callable[[Draw], Pair]] = {
    family.__name__: family
    for family in (
        meeting.hellos,
        meeting.greetings,
        meeting.farewells,
        meeting.thanks,
        meeting.introductions,
        people.family,
        people.jobs,
        people.feelings,
        people.characters,
        people.belongings,
        people.giving,
        everyday.habits,
        everyday.yesterday,
        everyday.tomorrow,
        everyday.now,
        everyday.negation,
        everyday.wishes,
        everyday.needs,
        everyday.likes,
        everyday.prefers,
        everyday.likes_doing,
        ability.abilities,
        ability.good_at,
        ability.requests,
        ability.prohibitions,
        ability.duties,
        ability.permission,
        ability.suggestions,
        things.qualities,
        things.tastes,
        things.comparisons,
        things.modified,
        things.prices,
        things.orders,
        things.shopping,
        things.existence,
        world.weather,
        world.rain,
        world.going,
        world.location,
        world.clock,
        world.dates,
        clauses.questions,
        clauses.which,
        clauses.because,
        clauses.conditions,
        clauses.sequences,
        clauses.contrasts,
        clauses.together,
        clauses.experiences,
        clauses.thoughts,
        clauses.relatives,
    )
}


def bare(pair: Pair) -> Pair:
    """Without the full stop, and in English without the capital: "Hey." becomes "hey"; I and names keep it."""
    ko, en = pair.ko.removesuffix("."), pair.en.removesuffix(".")
    first = en.replace("'", " ").replace(",", " ").split()[0]
    return Pair(ko, en if first in NAMES else en[0].lower() + en[1:])


def one(family: str, draw: Draw) -> Pair:
    """A pair of this family; a statement is written without its full stop now and then."""
    pair = FAMILIES[family](draw)
    single = pair.ko.endswith(".") and pair.ko.count(".") == 1
    return bare(pair) if single and draw.maybe(BARE) else pair


def pairs(per_family: int = 2500, seed: int = 0) -> dict[str, list[Pair]]:
    """Different pairs by family, at most `per_family` each: fewer where a family has not that many to say."""
    made = {}
    for family in FAMILIES:
        draw, found = Draw(f"{seed} {family}"), {}
        for _ in range(4 * per_family):
            found[one(family, draw)] = None
            if len(found) == per_family:
                break
        made[family] = list(found)
    made["hellos"] = list(dict.fromkeys([OPENING, *made["hellos"]]))
    return made
