"""The block one operation at a time, as a part that runs by itself."""

from pages.block.model.steps import Step
from pages.shared import hand, matrices, stepper, turn, ui
from pages.shared.model.prose import Lesson, _

STEPS = {"Norm": _("norm"), "Attention": _("attention adds"),
         "Norm again": _("norm again"), "MLP": _("MLP"), "Leave": _("MLP adds")}  # fmt: skip


@turn.fragment
def steps(lesson: Lesson, made: list[Step], facts: dict) -> None:
    """The matrices of a step; what may be changed in them changes the whole page."""
    step = made[stepper.show(list(STEPS.values()), "block_step")]
    ui.say(lesson[f"Step {step.name}"], **facts)
    hand.whole_page(matrices.show(step.panels, key="block_matrices", on_edit=hand.editor("block")))
