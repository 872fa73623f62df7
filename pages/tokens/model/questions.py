"""Questions about one text in pieces: what a token covers, the id of a byte, a merge, a path, the rows fetched."""

import math
from collections.abc import Mapping, Sequence

from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question, made
from pages.shared.model.written import number
from pages.tokens.model.bpe import Step, next_merge
from pages.tokens.model.charts import plain
from pages.tokens.model.cutting import Character
from pages.tokens.model.lattice import Path

FEW = 4  # pairs to choose from


def first_merge(step: Step) -> Question | None:
    """Before anything is counted: which pair will be joined first? None if no pair occurs twice."""
    right = next_merge(step)
    if right is None:
        return None
    best = step.pairs[:FEW]
    names = {merge: " + ".join(map(plain, merge.pair)) for merge in best}
    listed = ", ".join(f"{names[m]} ({m.count})" for m in best)
    working = _("The counts: {listed}. The largest wins; among equals the shorter pair, then the alphabet.")
    tie = _("Just as frequent: {count} times. Among equals the shorter pair comes first, then the alphabet.")
    fewer = _("Count again. That pair: {count}; the most frequent one: {most}.")
    mistakes = [
        (names[m], fill(tie if m.count == right.count else fewer, count=m.count, most=right.count)) for m in best
    ]
    text = _("Every word is in characters. **Which two neighbours stand side by side most often** in the whole text?")
    return made(text, names[right], working, mistakes, {"listed": listed}, options=tuple(sorted(names.values())))


def questions(facts: Mapping[str, int], spelt: Character, steps: Sequence[Step], path: Path) -> tuple[Question, ...]:
    """`facts` are those of the page: how many characters, tokens (`all`, with the start token) and columns there are,
    and the id of the byte 0 (`zero`). `path` is the best in the lattice."""
    rows = fetched(facts["characters"], facts["all"], facts["d_model"])
    asked = (byte(spelt, facts["zero"]), after(steps), total(path), rows)
    return tuple(question for question in asked if question)


def byte(spelt: Character, zero: int) -> Question:
    """The id of a character's first byte."""
    last = spelt.bytes.split()[-1]
    value = int(last, 16)
    text = _(
        "**Bytes.** In the story model's vocabulary byte `00` has the id {zero}, byte `01` the next, and so on. "
        "The last byte of **{shown}** is `{last}`. Which id has it?"
    )
    working = _("`{last}` is {high} · 16 + {low} = {value}, and the bytes begin at {zero}: {value} + {zero} = {right}.")
    values = {"zero": zero, "shown": spelt.text, "last": last, "value": value, "right": value + zero}
    values |= {"high": value // 16, "low": value % 16}
    mistakes = [
        (value, fill(_("That is the byte itself. The ids of bytes begin at {zero}, not at 0."), zero=zero)),
        (value + zero - 1, _("One too few: byte 00 already has the first of these ids.")),
        (value + zero + 1, _("One too many: byte 00 has the first of these ids.")),
    ]
    if last.isdecimal():
        mistakes.append((int(last) + zero, _("The byte is written with base 16: its first digit counts sixteens.")))
    return made(text, value + zero, working, mistakes, values)


def after(steps: Sequence[Step]) -> Question | None:
    """How many tokens are left after the first merge?"""
    if len(steps) < 2:
        return None
    before, left = steps[0].tokens, steps[1].tokens
    merge = steps[0].pairs[0]
    joined = before - left
    values = {"pair": " + ".join(map(plain, merge.pair)), "count": joined, "before": before, "left": left}
    text = _(
        "**A merge.** In characters, the text of lab 4 takes {before:,} tokens. The first merge joins **{pair}** "
        "(places: {count}). How many tokens are left?"
    )
    working = _("Each place had two tokens and now has one: {before:,} − {count} = {left:,}.")
    mistakes = [
        (before - 2 * joined, _("You took both tokens away: the joined one takes their place.")),
        (before - 1, _("A merge is done everywhere at once, not in one place only.")),
        (before, _("The text stays the same, but it takes fewer tokens.")),
        (before + 1, _("The vocabulary grows by one piece; the text takes fewer tokens.")),
    ]
    return made(text, left, working, mistakes, values)


def total(path: Path) -> Question | None:
    """The score of a path from those of its pieces."""
    if len(path.edges) < 2:
        return None
    shown = path.edges[:FEW]
    scores = [round(e.score, 2) for e in shown]
    right, product = sum(scores), math.prod(scores)
    listed = ", ".join(fill(_("{score} for **{piece}**"), score=number(e.score), piece=plain(e.piece)) for e in shown)
    text = _("**A path.** The scores of some pieces side by side are ") + listed + _(". What do they score together?")
    working = f"${' + '.join(f'({number(s)})' for s in scores)} = {number(right)}$"
    mistakes = [
        (product, _("You multiplied. Probabilities multiply; scores are their logarithms, and those add up.")),
        (-product, _("You multiplied. Probabilities multiply; scores are their logarithms, and those add up.")),
        (right / len(scores), _("That is the mean: a path scores the sum, so each further piece costs.")),
        (-right, _("The sign: every score is negative, as a probability is below 1.")),
        (max(scores), _("That is the best piece alone: the others count too.")),
    ]
    return made(text, right, working, mistakes, {}, tolerance=0.011)


def fetched(characters: int, tokens: int, d_model: int) -> Question:
    """How many numbers enter the model for the whole sentence?"""
    text = _(
        "**Rows.** Counted in characters your sentence is {characters:,} long, in tokens {tokens} (the start too). "
        "Each token fetches a row of {d_model} numbers. How many numbers does the model start from?"
    )
    working = _("{tokens} · {d_model} = {right:,}, a matrix `({tokens}×{d_model})`.")
    values = {"characters": characters, "tokens": tokens, "d_model": d_model, "right": tokens * d_model}
    mistakes = [
        (tokens, _("That is the number of ids. Each one fetches a whole row.")),
        ((tokens - 1) * d_model, _("The start token fetches a row, too.")),
        (characters * d_model, _("The model reads tokens, not characters: one row for each token.")),
        (tokens + d_model, _("You added: each of the tokens has a row of its own.")),
    ]
    return made(text, tokens * d_model, working, mistakes, values)
