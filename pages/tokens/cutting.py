"""A text cut step by step: BPE merge by merge, the lattice of pieces, what a sentence costs by language."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import streamlit as st

from pages.shared import stepper, turn, ui
from pages.shared.model.pieces import Piece
from pages.shared.model.prose import Lesson, _, fill
from pages.shared.model.written import number
from pages.tokens.model import bpe, charts, cutting, languages, lattice, questions
from pages.tokens.model.rows import renumber, renumbered

if TYPE_CHECKING:
    from torch import Tensor

    from core.tokenizer import Tokenizer

PAPER, SENTENCE, OTHER = _("The paper's words"), _("Your sentence"), _("Another text")
PAPERS = "low low low low low lower lower newest newest newest newest newest newest widest widest widest"
TRIES = ("unbelievable, unforgettable strawberries", "naïve café, 안녕 🙂", "snake\u2581case  and   spaces")
LONGEST_TEXT, LONGEST_WORD = 1_000, 24  # characters
FEW_WORDS = 6  # a line for each
MOST_WORDS, MOST_PIECES, MOST_UNKNOWN, MOST_WAYS = 24, 60, 5, 4  # shown
COLOURS = {cutting.START: "gray", cutting.BEGINS: "violet", cutting.GOES_ON: "green", cutting.BYTES: "orange"}


def badge(name: str, colour: str = "gray") -> str:
    isolated = f"\u2068{name}\u2069"  # keeps Arabic's direction to itself
    return f":{colour}-badge[{fill('{name}', name=isolated)}]"


def sentence(pieces: Sequence[Piece], chosen: int, vocabulary: Sequence[str]) -> None:
    """The pieces with what their colours mean."""
    kinds = [cutting.kind(piece, vocabulary) for piece in pieces]
    ui.chips(pieces, chosen, [COLOURS[kind] for kind in kinds])
    legend = [badge(_("followed"), "blue"), *(badge(kind, COLOURS[kind]) for kind in COLOURS if kind in kinds)]
    st.markdown(" ".join(legend))


def table(rows: Callable[[], Sequence[dict]]) -> None:
    """Every token as a row, in a box that costs nothing while it is closed."""
    box = st.expander(_("As a table"), icon=":material/table:", key="tokens_table", on_change="rerun",
                      bind="query-params")  # fmt: skip
    if box.open:
        box.dataframe(pa.Table.from_pylist(rows()), hide_index=True)


def tries() -> None:
    """Texts that show what the first one does not: one press puts them into the box."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Or try"))
        for i, text in enumerate(TRIES):
            st.button(fill("{name}", name=text), key=f"tokens_try_{i}",
                      on_click=st.session_state.__setitem__, args=("text", text))  # fmt: skip


def characters(found: Sequence[cutting.Character]) -> None:
    """Characters that are spelled with their bytes, one a line."""
    heads = (_("character"), _("Unicode"), _("UTF-8 bytes"), _("ids"))
    rows = [(fill("{t}", t=c.text), c.code, c.bytes, " ".join(map(str, c.ids))) for c in found]
    st.table(pa.table([list(column) for column in zip(*rows, strict=True)], heads), hide_index=True)


def ways(lesson: Lesson, text: str, tokenizers: Mapping[str, "Tokenizer"], known: Container[str]) -> None:
    """A box for each way to cut the text: its pieces, and what is good or bad about it."""
    cuts = cutting.cuts(text, tokenizers)
    unknown = ", ".join(f"“\u2068{word}\u2069”" for word in cutting.unknown(text, known)[:MOST_UNKNOWN])
    values = {"known": len(known), "unknown": unknown or _("none of yours")}
    values |= {f"vocab_{i}": tokens.vocab for i, tokens in enumerate(tokenizers.values())}
    boxes = [column for _row in range(0, len(cuts), 2) for column in st.columns(2)]
    for box, cut in zip(boxes, cuts, strict=False):
        with box.container(border=True, height="stretch"):
            each = len(text) / max(cut.n, 1)
            ui.say(_("**{way}**: tokens {n:,}, characters in each {each:.1f}"), way=cut.way, n=cut.n, each=each)
            rest = [_("… and {more:,} more").format(more=len(cut.pieces) - MOST_PIECES)]
            shown = [*map(badge, cut.pieces[:MOST_PIECES]), *(rest if len(cut.pieces) > MOST_PIECES else [])]
            st.markdown(" ".join(shown))
            ui.say(lesson[cut.way], **values)


def first_merge(lesson: Lesson, learnt_from: str) -> bool:
    """First said, then shown; a link to a later step shows it at once. -> whether the merges are seen"""
    steps = bpe.learn(learnt_from)
    if len(steps) == 1:
        ui.say(lesson["No merges"])
        return False
    # asked of the first run alone: the steps taken here come and go in the link, and what was said must stay said
    begun = st.session_state.setdefault("tokens_begun", "tokens_merge" in st.query_params)
    if not begun and not ui.predict(questions.first_merge(steps[0]), "tokens_first"):
        words(steps[0])
        return False
    merges(lesson, learnt_from)
    return True


@turn.fragment
def merges(lesson: Lesson, learnt_from: str) -> None:
    """BPE learnt from a text of the learner's choice, from characters on."""
    steps = bpe.learn(learnt_from)
    made = bpe.merges(steps)
    at = stepper.show([_("characters"), *(joined(merge) for merge in made)], "tokens_merge")
    step, last = steps[at], made[at - 1] if at else None
    facts = {"before": steps[0].tokens, "now": step.tokens, "at": at, "pieces": len(bpe.vocabulary(steps[: at + 1]))}
    ui.say(lesson["State" if at else "First state"], **facts)
    left, right = st.columns(2, gap="large")
    with left:
        words(step, last and last.piece)
        upcoming = bpe.next_merge(step)
        ui.say(lesson["Next merge" if upcoming else "No pair left"], pair=upcoming and joined(upcoming),
               count=upcoming and upcoming.count, piece=upcoming and charts.plain(upcoming.piece))  # fmt: skip
        unseen(lesson, made[:at])
    with right:
        rows = charts.pair_rows(step.pairs)
        if rows:
            ui.chart(charts.pairs(ui.theme()), rows, alt=charts.pairs_alt(rows), key="tokens_pairs")


def corpus(text: str) -> str:
    """What the merges are learnt from."""
    source = ui.choice(_("Learn from"), (PAPER, SENTENCE, OTHER), "tokens_source")
    if source == OTHER:
        return ui.typed(_("The text"), PAPERS, "tokens_corpus", LONGEST_TEXT, lines=True)
    return PAPERS if source == PAPER else text


def joined(merge: bpe.Merge) -> str:
    return " + ".join(map(charts.plain, merge.pair))


def words(step: bpe.Step, new: str | None = None) -> None:
    """The text's different words in pieces, with how often each occurs; the piece made last stands out."""
    lines = []
    for pieces, count in step.words[:MOST_WORDS]:
        cut = "".join(badge(charts.plain(piece), "blue" if piece == new else "gray") for piece in pieces)
        lines.append(f"{cut} :small[×{count}]")
    if more := len(step.words) - len(lines):
        lines.append(_("… and {more:,} more words").format(more=more))
    between = "  \n" if len(lines) <= FEW_WORDS else " &emsp; "
    st.markdown(between.join(lines))


def unseen(lesson: Lesson, learnt: Sequence[bpe.Merge]) -> None:
    """A word that need not be in the text, cut with the merges so far."""
    word = ui.typed(_("Cut another word with the merges so far"), "lowest", "tokens_word", LONGEST_WORD)
    found = [badge(charts.plain(piece)) for pieces in bpe.cut(word, tuple(learnt)) for piece in pieces]
    ui.say(lesson["Unseen"], n=len(found))
    st.markdown(" ".join(found))


def paths(lesson: Lesson, tokens: "Tokenizer") -> lattice.Path:
    """All ways through one word under the unigram model. -> the best of them"""
    word = ui.typed(_("Text to cut"), "lowest", "tokens_path", LONGEST_WORD)
    found = lattice.lattice(tokens, word)
    if not found.edges:
        ui.say(lesson["No path"])
        return lattice.best_path(found)
    best, ways = lattice.best_paths(found, MOST_WAYS), lattice.count_paths(found)
    rows = charts.lattice_rows(found, best[0], lattice.places(found))
    ui.chart(charts.lattice(ui.theme()), rows, alt=charts.lattice_alt(found, best[0], ways), key="tokens_lattice")
    ui.say(lesson["Paths"], ways=ways, shown=len(best))
    st.markdown("\n".join(f"{i}. {sum_of(path)}" for i, path in enumerate(best, 1)))
    if len(best) > 1:
        ui.say(lesson["Ratio"], ratio=lattice.ratio(*best[:2]), gap=best[0].score - best[1].score)
    return best[0]


def sum_of(path: lattice.Path) -> str:
    """A path's arithmetic: each piece with its score, and the sum."""
    terms = " + ".join(f"{badge(charts.plain(e.piece))} {number(e.score)}" for e in path.edges)
    return f"{terms} = **{number(path.score)}**"


@turn.fragment
def cost(lesson: Lesson, text: str, tokenizers: Mapping[str, "Tokenizer"]) -> None:
    """The same sentence in many languages, and the learner's own text, under each tokenizer."""
    texts = {**languages.SENTENCES, **({SENTENCE: text} if text else {})}
    found = cutting.costs(texts, tokenizers)
    left, right = st.columns([2, 3], gap="large")
    with left:
        ui.say(lesson["Cost"], **cutting.dearest([one for one in found if one.text in languages.SENTENCES]))
        measure = ui.choice(_("Show"), charts.LENGTHS, "tokens_measure")
        box = st.expander(_("The sentences"), key="tokens_sentences", on_change="rerun", bind="query-params")
        if box.open:  # closed it costs nothing
            named = {_("language"): list(texts), _("sentence"): [fill("{t}", t=t[:300]) for t in texts.values()]}
            box.table(pa.table(named), hide_index=True)
    with right:
        rows = charts.cost_rows(found, measure)
        ui.chart(charts.costs(ui.theme(), measure), rows, alt=charts.costs_alt(rows, measure), key="tokens_cost")


@turn.fragment
def new_numbers(
    lesson: Lesson, table: "Tensor", ids: Sequence[int], cut: Sequence[Piece], chosen: int, facts: dict
) -> None:
    """The same pieces under other ids, with the rows of the table moved along."""
    ui.say(lesson["Renumbered"])
    seed = ui.number(_("Seed of the new numbers"), 0, 999, 1, "tokens_seed", width=200)
    other = renumber(table, ids, seed)
    ui.chips(renumbered(cut, other.ids), chosen)
    ui.say(lesson["Same rows"], **facts, new=int(other.ids[chosen]), difference=other.difference)
