"""The three similarities compared on keys of the story model, on real words and on random vectors."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.words import UnknownWord, WordsError, split
from pages.shared import head_row, matrices, models, state, stepper, turn, ui
from pages.shared.components import component, said
from pages.shared.model import door, window
from pages.shared.model.prose import Lesson, _, fill
from pages.similarity.model import charts, comparing, scaling, worked
from pages.similarity.model.comparing import compare, ranks, verdict

QUERY, WORDS = "apple", "orange phone fruit iphone computer juice king"
MOST = 12  # words in the table
LONGEST = 300  # characters of a box
SPREADS = {"normal": _("normal"), "uniform": _("uniform"), "shifted": _("shifted by 1")}
SEED, WIDTH = 1, 64


def head(lesson: Lesson) -> tuple[np.ndarray, np.ndarray, str, tuple[str, ...]]:
    """The lab in the story model: one token's query and the keys that it may look at. -> q (d,), k (n, d), names"""
    ui.say(lesson["Head"])
    row = head_row.choose("similarity")
    ui.digits()
    shown = window.window(row.position + 1, row.position)
    q, k = (x.double().numpy() for x in (row.head.q[row.position], row.head.k[shown.start : shown.stop]))
    names, query = row.labels[shown.start : shown.stop], row.labels[row.position]
    ui.say(lesson["Where"], where=row.name.capitalize(), query=query, d=q.size)
    if shown.start:
        ui.say(lesson["Window"], shown=len(shown), all=row.position + 1)
    matrices.show(comparing.panels(q[None], k, query, names), "similarity_matrices")
    part, facts = verdict(compare(q, k), query, names)
    part = "One key" if len(names) == 1 else "Agree in the model" if part == "Agree" else part
    ui.say(lesson[part], **facts, n=len(names))
    return q, k, query, names


@turn.fragment
def steps(q: np.ndarray, k: np.ndarray, query: str, names: Sequence[str]) -> None:
    """The query and one key, operation by operation. q (d,), k (n, d)"""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state.check_link("similarity_key", names.__contains__)
        state.renew("similarity_key", names, names[0])
        about = _("Key to compare with {query}").format(query=query)
        name = st.selectbox(about, names, key="similarity_key", bind="query-params", width=260)
        step = stepper.show([_(name) for name in worked.STEPS], "similarity_step")
    ui.say(worked.comparison(q.tolist(), k[names.index(name)].tolist(), step, st.session_state.digits))


@turn.fragment
def what_if(lesson: Lesson, q: np.ndarray, k: np.ndarray, names: Sequence[str]) -> None:
    """The three scores of the first keys if one of the vectors were another. q (d,), k (n, d)"""
    few = slice(comparing.FEW)
    change = ui.choice(lesson["What if"], list(comparing.CHANGES), "similarity_change")
    matrices.show(comparing.what_if(q, k[few], change, names[few]), "similarity_whatif")


@turn.fragment
def words(lesson: Lesson) -> None:
    """Words that the learner types, compared by their shipped vectors."""
    left, right = st.columns([1, 3])
    with left:
        asked = ui.typed(_("Word to ask with"), QUERY, "similarity_word", LONGEST, live=False)
    with right:
        typed = ui.typed(_("Words to compare"), WORDS, "similarity_words", LONGEST, live=False)
    try:
        vectors = models.word_vectors()
        names, unknown = vectors.sort_out(typed)
        names = list(dict.fromkeys(names))
        query = next(iter(split(asked)), "")
        x = vectors.vector(query)
    except UnknownWord as error:
        st.error(str(error) if query else _("Type a word to ask with."))
        return
    except WordsError as error:
        st.error(str(error))
        return
    told(unknown, names, len(split(asked)))
    if names := names[:MOST]:
        table(lesson, query, x, names, vectors.rows(names))


def told(unknown: dict[str, list[str]], names: list[str], asked: int) -> None:
    """What became of words that cannot be compared."""
    if unknown:
        st.caption(
            fill(_("No vector is known for {words}."), words=", ".join(f"“{w[:40]}”" for w in list(unknown)[:MOST]))
        )
    if asked > 1:
        st.caption(_("Only the first word asks."))
    if len(names) > MOST:
        st.caption(_("There is room for {n} words.").format(n=MOST))
    if not names:
        st.info(_("There is no word to compare: type some, such as orange phone fruit."))


def table(lesson: Lesson, query: str, x: np.ndarray, names: list[str], rows: np.ndarray) -> None:
    found = compare(x, rows)
    places = [ranks(found.dot), ranks(found.cosine)]
    data = charts.words(names, found, places, query)
    words = {"caption": charts.words_alt(names, found, query), "token": _("word"), "press": _("press to ask with it")}
    words |= {"take": _("Ask with “{token}”"), "chosen": _("other place")}

    def taken() -> None:
        at = door.whole(said("similarity_table", "take"), len(names))
        if at is not None:
            st.session_state.similarity_word = names[at]

    component("steps")(data={**data, "words": words, "open": True}, key="similarity_table", on_take_change=taken)
    part, facts = verdict(found, query, names)
    known = part if part.startswith("Disagree") else "Agree"
    ui.say(lesson[f"Words {known[0].lower()}{known[1:]}"], **facts)


def experiment(lesson: Lesson) -> tuple[scaling.Experiment, int]:
    """Random vectors, drawn and measured; the experiment and the place of the chosen width in it."""
    d = ui.choice(_("Width d"), scaling.WIDTHS, "similarity_d", default=WIDTH)  # alone: on a phone it takes two lines
    with st.container(horizontal=True, vertical_alignment="bottom"):
        spread = ui.choice(_("Numbers drawn"), list(SPREADS), "similarity_spread", SPREADS.__getitem__)
        seed = ui.number(_("Seed"), 0, 999_999, SEED, "similarity_seed", width=150)
    found, at = scaling.measure(seed, spread), scaling.WIDTHS.index(d)
    facts = charts.chosen(found, at) | {"seed": seed, "queries": scaling.QUERIES}
    factor = scaling.FACTORS[spread]
    facts |= {"expected": factor * d, "expected_scaled": factor}
    scatter(lesson, found, at, facts, factor)
    ui.say(lesson[f"Spread {spread}"])
    effect(lesson, found, at, facts)
    return found, at


def scatter(lesson: Lesson, found: scaling.Experiment, at: int, facts: dict, factor: float) -> None:
    """How widely the scores lie at one width, and how the variance grows over all of them."""
    left, right = st.columns(2, gap="large")
    raw, scaled = found.scores(at, False), found.scores(at, True)
    with left:
        ui.chart(charts.histogram(), charts.histogram_rows(raw, scaled),
                 alt=charts.histogram_alt(raw, scaled, facts["d"]), key="similarity_histogram")  # fmt: skip
    with right:
        rows = charts.variance_rows(found.widths, factor)
        ui.chart(charts.variance(), rows, alt=charts.variance_alt(rows), key="similarity_variance")
    ui.say(lesson["Measured"], **facts)


def effect(lesson: Lesson, found: scaling.Experiment, at: int, facts: dict) -> None:
    """What softmax makes of the scores, for one query and over all widths."""
    ui.say(lesson["Softmax"], **facts)
    raw, scaled = (found.scores(at, divided)[0] for divided in (False, True))
    weights = [found.weights(at, 0, divided) for divided in (False, True)]
    data = charts.row(raw, scaled, weights, facts["d"])
    words = {"caption": charts.row_alt(weights, facts["d"]), "token": _("key"), "press": "", "take": "", "chosen": ""}
    component("steps")(data={**data, "words": words, "open": False}, key="similarity_row")
    ui.say(lesson["Gradient"], **facts)
    titles = {"largest": _("largest weight"), "slope": _("Σ p(1 − p)")}
    for place, (what, title) in zip(st.columns(2, gap="large"), titles.items(), strict=True):
        with place:
            rows = charts.effect_rows(found.widths, what)
            ui.chart(charts.effect(title), rows, alt=charts.effect_alt(rows, title), key=f"similarity_{what}")
