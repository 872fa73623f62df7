"""Many heads by hand on a page: the steps, the same weights used in another way, and what one head loses."""

import streamlit as st

from pages.multi_head.model import charts, head_steps, one_head, questions
from pages.multi_head.model import example as multi_head
from pages.shared import hand, matrices, stepper, turn, ui
from pages.shared.model.prose import Lesson, _

SLUG = "multi_head"


def show(lesson: Lesson) -> head_steps.State:
    """The example, as many heads as the learner wants, and every operation between words and output."""
    example = hand.example_box(SLUG, multi_head.PRESETS, multi_head.WIDTH)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n_heads = ui.choice(_("Heads"), multi_head.HEADS, "multi_head_n", default=2)
        n_kv_heads = shared(n_heads)
        ui.digits()
    edits = hand.edits(SLUG, multi_head.shapes(example))
    now = head_steps.state(example, edits, n_heads, n_kv_heads)
    facts = head_steps.facts(now)
    ui.say(lesson["Lab"], **facts)
    ui.say(lesson["Preset" if any(example is preset for preset in multi_head.PRESETS.values()) else "Own"])
    hand.reset_button(SLUG)
    steps(lesson, now, facts)
    what_if(lesson, now)
    return now


@turn.fragment
def steps(lesson: Lesson, now: head_steps.State, facts: dict) -> None:
    """One operation at a time."""
    step = stepper.show(head_steps.STEPS, "multi_head_step")
    ui.say(lesson[f"Step {step + 1}"], **facts)
    hand.whole_page(matrices.show(head_steps.steps(now, step), key="multi_head_matrices", on_edit=hand.editor(SLUG)))


def shared(n_heads: int) -> int:
    """How many sets of keys and values there are."""
    options = multi_head.divisors(n_heads)[::-1]
    return ui.choice(_("Sets of keys and values"), options, f"multi_head_kv_{n_heads}") if n_heads > 1 else 1


def what_if(lesson: Lesson, now: head_steps.State) -> None:
    """The same weights with other heads: first said, then shown."""
    ui.say(lesson["What if"])
    ways = {head_steps.way_name(way): way for way in head_steps.ways(now)}
    name = ui.choice(_("What if"), list(ways), f"multi_head_if_{now.n_heads}_{now.n_kv_heads}")
    other = multi_head.run(now.given, *ways[name])
    if ui.predict(questions.first_look(now, other, name), "multi_head_predict"):
        matrices.show(head_steps.what_if(now, other, ways[name]), key="multi_head_whatif")
        facts = head_steps.facts(now)
        then = other.heads.weights[0, facts["at"], facts["key_at"]].item()
        ui.say(lesson["What if found"], then=then, name=name, **facts)


@turn.fragment
def one(lesson: Lesson) -> None:
    """What one head cannot keep that two can."""
    ui.say(lesson["One head"])
    least = min((who + what) / 2 for _share, who, what in one_head.curve())
    if not ui.predict(questions.best_one(least), "multi_head_least"):
        return
    left, right = st.columns(2, gap="large")
    with left:
        place = st.container()
        share = ui.slider(_("Weight of “love” on who"), 0.0, 1.0, 0.5, "multi_head_share", step=0.02)
    both, two = (float(one_head.kept(x).lost.mean()) for x in (one_head.mixed(share), one_head.two_heads()))
    with place:
        ui.say(lesson["One head found"], share=share, rest=1 - share, both=both, sentences=len(one_head.PAIRS))
    with right:
        rows = charts.lost_rows(one_head.curve(), share, both, two)
        ui.chart(charts.lost(ui.theme()), rows, alt=charts.lost_alt(share, both, two), key="multi_head_lost")
    ui.say(lesson["One head in numbers"])
    matrices.show(one_head.panels(share), key="multi_head_one")
