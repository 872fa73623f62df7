"""One word asks, one operation at a time: the formula with the numbers put in, and the matrices of the step."""

from collections.abc import Sequence

import streamlit as st

from pages.self_attention.model import by_hand as steps
from pages.self_attention.model import questions
from pages.self_attention.model.by_hand import Worked
from pages.shared import hand, matrices, models, stepper, turn, ui
from pages.shared.model import asking, panels, window
from pages.shared.model.edits import Edits
from pages.shared.model.hand import Hand
from pages.shared.model.prose import Lesson, _

IN_MODEL = {  # step: the panels that belong to it
    _("scores"): ("q", "k", "scores"),
    _("mask"): ("scores", "masked"),
    _("softmax"): ("masked", "before", "weights"),
    _("context vector"): ("weights", "v", "added", "output"),
}


def who(labels: Sequence[str], slug: str) -> int:
    """The word that asks: the second one, unless another is chosen."""
    return labels.index(ui.choice(_("Who asks"), labels, f"{slug}_word", default=labels[min(1, len(labels) - 1)]))


@turn.fragment
def by_hand(lesson: Lesson, slug: str, now: Worked, before: Worked, query: int, facts: dict) -> None:
    """From the word's vector to its context vector."""
    at = stepper.show(list(steps.STEPS), f"{slug}_step")
    x, digits = now.hand.x[query], st.session_state.digits
    row = asking.asked(now.trace, query, now.hand.labels, kind=now.kind, added=now.added[query], digits=digits)
    part = ("Its query", "Every key", "Every value", "Scores", "Softmax", "Context")[at]
    ui.say(lesson[part], **facts)
    if part == "Scores":
        ui.say(lesson[f"Score of {now.kind}"], **facts)
    written = (
        lambda: asking.product(x, now.hand.w_q, "q", "query", digits),
        lambda: asking.product(x, now.hand.w_k, "k", "key", digits),
        lambda: asking.product(x, now.hand.w_v, "v", "value", digits),
        lambda: asking.scores(row),
        lambda: asking.softmax(row),
        lambda: asking.context(row),
    )
    ui.say(written[at]())
    step = steps.step(now, before, at, query)
    hand.whole_page(matrices.show(step, f"{slug}_one", on_edit=hand.editor(slug)))


@turn.fragment  # it keeps its arguments, hence no trace among them
def in_model(
    lesson: Lesson,
    slug: str,
    model: str,
    ids: tuple[int, ...],
    labels: Sequence[str],
    place: tuple[int, int],
    position: int,
    shown: range,
    facts: dict,
) -> None:
    """From the token's query to its context vector, in the head of the model at `place`: layer and head from 0."""
    layer, head = place
    trace = panels.one_head(models.trace(model, ids).blocks[layer].attention.heads, head)
    at = stepper.show(list(IN_MODEL), f"{slug}_small_step")
    row = asking.asked(trace, position, labels, digits=st.session_state.digits)
    wanted = tuple(IN_MODEL.values())[at]
    part = ("Scores", "Mask", "Softmax", "Context")[at]
    if part == "Scores":
        ui.say(lesson["Given"], **facts)
    ui.say(lesson[part], **facts)
    if part == "Scores":
        ui.say(lesson["Score of scaled_dot"], **facts)
    written = {"Scores": asking.scores, "Softmax": asking.softmax, "Context": asking.context}.get(part)
    if written:
        ui.say(written(row))
        ui.say(lesson["Written"])
    alone = asking.alone(window.panels(trace, labels, shown), "query", position - shown.start, wanted)
    matrices.show(alone, f"{slug}_one")


def raised(lesson: Lesson, slug: str, example: Hand, edits: Edits, now: Worked, query: int) -> None:
    """First said, then shown: what one score does. A word alone has nothing to give up."""
    if len(example.words) == 1:
        return
    after, key = steps.raised(now, query, example, edits)
    ui.say(lesson["Raise"])
    if not ui.predict(questions.raised(now, query, key), f"{slug}_raise"):
        return
    matrices.show(steps.weights_beside(after, now, (_("after"), _("before"))), f"{slug}_raised")
    weights = (worked.trace.weights[query, key].item() for worked in (now, after))
    ui.say(lesson["Raised"], **dict(zip(("before", "after"), weights, strict=True)), word=now.hand.labels[query])


@turn.fragment
def what_if(lesson: Lesson, slug: str, example: Hand, edits: Edits, now: Worked) -> None:
    """The weights under another similarity."""
    ui.say(lesson["What if"])
    others = [kind for kind in asking.KINDS if kind != now.kind]
    other = ui.choice(_("Compared with"), others, f"{slug}_other", asking.KINDS.__getitem__)
    names = asking.KINDS[now.kind], asking.KINDS[other]
    then = steps.work(example, edits, other)
    matrices.show(steps.weights_beside(now, then, names), f"{slug}_whatif")
