"""Similarity: dot product, cosine and scaled dot product of vectors that the learner moves, and why √d."""

import streamlit as st

from core.attention import similarity
from pages.shared import hand, models, ui
from pages.shared.model import prose
from pages.shared.model.prose import _
from pages.similarity import comparisons, vectors
from pages.similarity.model import comparing, questions, scaling
from pages.similarity.model.export import snippet

lesson = prose.load("similarity")
ui.say(lesson.question)
ui.say(lesson.idea)

by_hand = hand.size("similarity") == "hand"
if by_hand:
    ui.say(lesson["Plane"])
q, k, query, names = vectors.plane(lesson) if by_hand else comparisons.head(lesson)

comparisons.steps(q, k, query, names)

comparisons.what_if(lesson, q, k, names)

ui.say(lesson["Words"], d=models.word_vectors().vectors.shape[1])
comparisons.words(lesson)

ui.say(lesson["Root"])
experiment, at = scaling.measure(comparisons.SEED), scaling.WIDTHS.index(comparisons.WIDTH)
if ui.predict(questions.growth(16, 4), "similarity_predict"):
    experiment, at = comparisons.experiment(lesson)

st.header(_("What to notice"))
ui.say(lesson.notice, query=query, length=comparing.compare(q, k).length)
score, d = experiment.products[at, 0, 0], scaling.WIDTHS[at]
ui.check(questions.questions(q, k, query, names, score, d), key="similarity_check")
few = slice(comparing.FEW)
ui.code(lesson, snippet(q, k[few], query, names[few]), similarity)
ui.mistakes(lesson)
