"""Training: what a model is taught at each position, how its weights follow, and a small one trained live."""

import streamlit as st

from core.training import Trainer, cross_entropy, learning_rate
from pages.shared import ui
from pages.shared.model import prose
from pages.shared.model.prose import _
from pages.training import forcing, formed, gradient, live, loss
from pages.training import text as training_text
from pages.training.model.export import snippet
from pages.training.model.teaching import positions

LOSS, FORCING, GRADIENT = _("Targets and loss"), _("Teacher forcing"), _("Rate and gradient")
LIVE, FORMED = _("Train one live"), _("Watch attention form")
PARTS = (LOSS, FORCING, GRADIENT, LIVE, FORMED)

lesson = prose.load("training")
ui.say(lesson.question)
ui.say(lesson.idea)

part = ui.choice(_("Part"), PARTS, "training_part")
text = training_text.box() if part in (LOSS, FORCING) else training_text.travelling()
if part == LOSS:
    asked = loss.show(lesson, text)
elif part == FORCING:
    asked = forcing.show(lesson, text)
elif part == GRADIENT:
    asked = gradient.show(lesson)
elif part == LIVE:
    asked = live.show(lesson)
else:
    asked = formed.show_part(lesson)
if part != LIVE:
    live.keep()

st.header(_("What to notice"))
ui.say(lesson.notice)
ui.check(asked, key=f"training_check_{PARTS.index(part)}")
found = positions(text.sentence)
means = text.sentence.logits.double().mean(-1).tolist()
ui.code(lesson, snippet(found, means, text.targets, 0.1), cross_entropy, learning_rate, Trainer.advance)
ui.mistakes(lesson)
