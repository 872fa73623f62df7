"""Families of sentences about what people do, want, like, can, must and may do."""

from core.recipes.translation import english as en
from core.recipes.translation import korean as ko
from core.recipes.translation.english import YOU
from core.recipes.translation.parts import Draw, Pair, line, me, other, somebody
from core.recipes.translation.words import (
    ACTIONS,
    ERRANDS,
    FUTURE_TIMES,
    HABIT_TIMES,
    HOW_OFTEN,
    JOBS,
    LIKED,
    LIKINGS,
    MISHAPS,
    PAST_TIMES,
    SKILLS,
    THINGS,
    nouns,
)

NEEDED = (
    *THINGS,
    *nouns("돈 = *money, 시간 = *time, 물 = *water, 도움 = *help, 휴식 = *rest, 조언 = *advice, 종이 = *paper"),
)
LIKES = {  # the stem, and in English: an adverb before the verb, whether it is negative, what ends the sentence
    "like": ("좋아하", "", False, ""),
    "really like": ("정말 좋아하", "really", False, ""),
    "like best": ("제일 좋아하", "", False, " the most"),
    "do not like": ("좋아하", "", True, ""),
}


def habits(draw: Draw) -> Pair:
    """저는 매일 커피를 마셔요. I drink coffee every day."""
    style = draw.style()
    person, action = somebody(draw, style), draw.one(ACTIONS)
    verb = ko.present(action.ko, style)
    if draw.maybe():
        when, often = draw.one(HOW_OFTEN)
        return line(f"{person.topic} {when} {verb}", en.do(person.who, en.generic(action.en), adverb=often))
    when, time = draw.one(HABIT_TIMES)
    return line(f"{person.topic} {when} {verb}", f"{en.do(person.who, action.en)} {time}")


def yesterday(draw: Draw) -> Pair:
    """톰은 어제 책을 읽었다. Tom read a book yesterday."""
    style = draw.style()
    person, action = somebody(draw, style), draw.one((*ACTIONS, *ERRANDS, *MISHAPS))
    when, time = draw.one(PAST_TIMES)
    return line(f"{person.topic} {when} {ko.past(action.ko, style)}", f"{en.do(person.who, action.en, 'past')} {time}")


def tomorrow(draw: Draw) -> Pair:
    """우리는 내일 영화를 볼 거예요. We'll watch a movie tomorrow."""
    style = draw.style()
    person, action = somebody(draw, style), draw.one((*ACTIONS, *ERRANDS))
    when, time = draw.one(FUTURE_TIMES)
    return line(
        f"{person.topic} {when} {ko.future(action.ko, style)}", f"{en.do(person.who, action.en, 'future')} {time}"
    )


def now(draw: Draw) -> Pair:
    """메리는 지금 편지를 쓰고 있어요. Mary is writing a letter now."""
    style = draw.style()
    person, action = somebody(draw, style), draw.one(ACTIONS)
    tense = draw.one(("present", "present", "past"))
    when, time = ("지금", "now") if tense == "present" else ("그때", "then")
    verb = ko.tensed(action.ko + "고 있", style, tense)
    return line(f"{person.topic} {when} {verb}", f"{en.be(person.who, en.ing(action.en), tense)} {time}")


def negation(draw: Draw) -> Pair:
    """저는 커피를 안 마셔요. I don't drink coffee."""
    style, tense = draw.style(), draw.tense()
    person, action = somebody(draw, style), draw.one(ACTIONS)
    verb = ko.tensed(ko.not_(action.ko, style), style, tense)
    english = en.do(person.who, en.generic(action.en) if tense == "present" else action.en, tense, negative=True)
    if tense == "present":
        return line(f"{person.topic} {verb}", english)
    when, time = draw.one(PAST_TIMES if tense == "past" else FUTURE_TIMES)
    return line(f"{person.topic} {when} {verb}", f"{english} {time}")


def wishes(draw: Draw) -> Pair:
    """커피를 마시고 싶어요. I want to drink coffee. 톰은 의사가 되고 싶어 해요. Tom wants to become a doctor."""
    style = draw.style()
    action, end = draw.one((*ACTIONS, *ERRANDS)), ""
    stem, english = action.ko + "고 싶", action.en
    if draw.maybe(0.2):
        job = draw.one(JOBS)
        stem, english = ko.subject(job.ko) + " 되고 싶", f"become {job.one}"
    elif draw.maybe(0.3):
        when, end = draw.one(FUTURE_TIMES)
        stem, end = f"{when} {stem}", f" {end}"
    if draw.maybe(0.25):
        return line(ko.ask(stem, style), en.ask(YOU, f"want to {english}{end}"), "?")
    person = me(style) if draw.maybe() else other(draw, style)
    own, negative = person.who.en == "I", draw.maybe(0.25)
    stem += ("" if own else "어 하") + ("지 않" if negative else "")
    verb = ko.present(stem, style, adjective=own)
    said = verb if own and draw.maybe() else f"{person.topic} {verb}"
    return line(said, en.do(person.who, f"want to {english}", negative=negative) + end)


def needs(draw: Draw) -> Pair:
    """저는 새 가방이 필요해요. I need a new bag."""
    style, thing = draw.style(), draw.one(NEEDED)
    person = somebody(draw, style)
    noun, english = ko.subject(thing.ko), thing.one
    if not thing.mass and draw.maybe():
        noun, english = f"새 {noun}", en.a(f"new {thing.en}")
    if draw.maybe(0.2):
        return line(f"{noun} {ko.ask('필요하', style)}", en.ask(YOU, f"need {english}"), "?")
    tense, negative = draw.one(("present", "present", "past")), draw.maybe(0.25)
    verb = ko.tensed("필요하" + ("지 않" if negative else ""), style, tense, adjective=True)
    return line(f"{person.topic} {noun} {verb}", en.do(person.who, f"need {english}", tense, negative))


def likes(draw: Draw) -> Pair:
    """저는 고양이를 정말 좋아해요. I really like cats."""
    style, liked = draw.style(), draw.one(LIKED)
    person, noun = somebody(draw, style), ko.object_(liked.ko)
    kind = draw.one((*LIKES, "hate", "ask"))
    if kind == "ask":
        return line(f"{noun} {ko.ask('좋아하', style)}", en.ask(YOU, f"like {liked.many}"), "?")
    if kind == "hate":
        return line(f"{person.topic} {noun} {ko.present('싫어하', style)}", en.do(person.who, f"hate {liked.many}"))
    stem, adverb, negative, end = LIKES[kind]
    verb = ko.present(ko.not_(stem, style) if negative else stem, style)
    clause = en.do(person.who, f"like {liked.many}", negative=negative, adverb=adverb)
    return line(f"{person.topic} {noun} {verb}", clause + end)


def prefers(draw: Draw) -> Pair:
    """톰은 사과보다 딸기를 더 좋아해요. Tom likes strawberries more than apples."""
    style, kind = draw.style(), draw.one(LIKINGS)
    more = draw.one(kind)
    less = draw.one([noun for noun in kind if noun != more])
    person = somebody(draw, style)
    if draw.maybe(0.3):
        question = f"{ko.with_(more.ko, style)} {less.ko} 중에 뭘 더 {ko.ask('좋아하', style)}"
        return line(question, f"which do you like more, {more.many} or {less.many}", "?")
    verb = f"{less.ko}보다 {ko.object_(more.ko)} 더 {ko.present('좋아하', style)}"
    return line(f"{person.topic} {verb}", f"{en.do(person.who, f'like {more.many}')} more than {less.many}")


def likes_doing(draw: Draw) -> Pair:
    """저는 책을 읽는 것을 좋아해요. I like reading books."""
    style, action = draw.style(), draw.one((*ACTIONS, *SKILLS))
    person, verb = somebody(draw, style), ko.with_neun(action.ko)
    thing = "것을" if style in ("formal", "plain") else "걸"
    stem, english = draw.one((("좋아하", "like"), ("싫어하", "hate")))
    doing = en.ing(en.generic(action.en))
    if draw.maybe(0.2):
        return line(f"{verb} {thing} {ko.ask('좋아하', style)}", en.ask(YOU, f"like {doing}"), "?")
    return line(f"{person.topic} {verb} {thing} {ko.present(stem, style)}", en.do(person.who, f"{english} {doing}"))
