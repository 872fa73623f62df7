"""The same words in two orders: what becomes of each output, without positions, with a causal mask, with positions."""

import streamlit as st

from pages.positions.model import order_panels, questions
from pages.positions.model import score_charts as charts
from pages.positions.model.order import HAND_SETTINGS
from pages.positions.sentence import SLUG, Placed
from pages.shared import hand as by_hand
from pages.shared import matrices, stepper, ui
from pages.shared.model.prose import Lesson, _

OWN, OTHER = _("first order"), _("other order")
STEPS = {  # the panel that each operation makes
    "x": _("the words"),
    "sum": _("positions are added"),
    "q": _("queries"),
    "k": _("keys"),
    "v": _("values"),
    "scores": _("scores"),
    "masked": _("the mask"),
    "weights": _("weights"),
    "output": _("outputs"),
}


def show(lesson: Lesson, placed: Placed) -> dict:
    """Choose another order, say what will happen, then see it. -> what was found; {} while it is not shown."""
    options = placed.orders()
    if not options:
        ui.say(lesson["Alone"])
        return {}
    key = f"{SLUG}_order" if placed.hand else f"{SLUG}_shuffle"
    other = options[ui.choice(_("The same words in another order"), list(options), key)]
    said = {"one": placed.sentence(), "other": placed.sentence(other), "t": len(placed.labels)}
    if not ui.predict(questions.predict(placed.labels[0 if placed.hand else 1]), f"{SLUG}_predict"):
        return {}
    moves = placed.moves(other)
    distances = {name: moved.distances for name, moved in moves.items()}
    facts = said | {f"{name}_most": charts.tiny(max(found)) for name, found in distances.items()}
    facts["length"] = moves["told"].one.norm(dim=-1).median().item()
    ui.say(lesson["Found by hand" if placed.hand else "Found in the model"], **facts)
    if twins := placed.twins():
        ui.say(lesson["Twins"], one=twins[0], other=twins[1])
    setting = ui.choice(_("Positions"), list(HAND_SETTINGS), f"{SLUG}_setting", charts.SETTINGS.__getitem__)
    both(lesson, placed, moves[setting], said)
    rows = charts.move_rows(distances, placed.labels)
    ui.chart(charts.moves(), rows, alt=charts.move_alt(rows), key=f"{SLUG}_moves")
    ui.say(lesson["Causal"], **facts)
    if placed.hand:
        every_number(lesson, placed, other, setting)
    return facts


def chosen(placed: Placed) -> tuple[int, ...] | None:
    """The other order on screen, by hand; None if there is none."""
    return placed.orders().get(st.session_state.get(f"{SLUG}_order")) if placed.hand else None


def both(lesson: Lesson, placed: Placed, moved, said: dict) -> None:
    """By hand the outputs, in the model one head's weights: in both orders, and the difference."""
    if placed.hand:
        titles = said["one"], _("{other}, rows put back").format(**said)
        found = order_panels.outputs(moved.one, moved.other, placed.labels, titles)
    else:
        layer, head = placed.at
        ui.say(lesson["Head"], layer=layer + 1, head=head + 1)
        one, other = (weights[layer, head] for weights in moved.weights)
        titles = _("the sentence as it is"), _("in the other order, put back")
        found = order_panels.weights(one, other, placed.labels, titles)
    matrices.show(found, f"{SLUG}_both_{'hand' if placed.hand else 'small'}")


def every_number(lesson: Lesson, placed: Placed, other: tuple[int, ...], setting: str) -> None:
    """The whole way from words to outputs, by hand; closed it costs nothing."""
    box = st.expander(_("Every number on the way, to change"), icon=":material/edit:", key=f"{SLUG}_every",
                      on_change="rerun", bind="query-params")  # fmt: skip
    if not box.open:
        return
    with box:
        shown = ui.choice(_("Words in the"), (OWN, OTHER), f"{SLUG}_shown")
        ui.say(lesson["Edit"])
        by_hand.reset_button(SLUG)
        order = other if shown == OTHER else tuple(range(len(placed.labels)))
        found = order_panels.steps(placed.hand, placed.base, order, setting)
        names = {panel["id"]: STEPS[panel["id"]] for panel in found["panels"] if panel["id"] in STEPS}
        at = list(names)[stepper.show(list(names.values()), f"{SLUG}_step")]
        matrices.show(order_panels.until(found, at), f"{SLUG}_steps_{at}", on_edit=by_hand.editor(SLUG),
                      cell=matrices.Cell(at, 0, 0))  # fmt: skip
