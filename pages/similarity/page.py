"""Similarity: dot product, cosine and scaled dot product of vectors that the learner moves, and why √d."""

import streamlit as st

from core import comparing, lessons, scaling
from core.attention import similarity
from core.export.similarity import snippet
from core.lessons import _
from core.questions import similarity as questions
from pages.shared import compared, hand, models, ui, vectors

lesson = lessons.load("similarity")
ui.say(lesson.question)
ui.say(lesson.idea)

by_hand = hand.size("similarity") == "hand"
if by_hand:
    ui.say(lesson["Plane"])
q, k, query, names = vectors.plane(lesson) if by_hand else compared.head(lesson)

compared.steps(q, k, query, names)

compared.what_if(lesson, q, k, names)

ui.say(lesson["Words"], d=models.word_vectors().vectors.shape[1])
compared.words(lesson)

ui.say(lesson["Root"])
experiment, at = scaling.measure(compared.SEED), scaling.WIDTHS.index(compared.WIDTH)
if ui.predict(questions.growth(16, 4), "similarity_predict"):
    experiment, at = compared.experiment(lesson)

st.header(_("What to notice"))
ui.say(lesson.notice, query=query, length=comparing.compare(q, k).length)
score, d = experiment.products[at, 0, 0], scaling.WIDTHS[at]
ui.check(questions.questions(q, k, query, names, score, d), key="similarity_check")
few = slice(comparing.FEW)
ui.code(lesson, snippet(q, k[few], query, names[few]), similarity)
ui.mistakes(lesson)
