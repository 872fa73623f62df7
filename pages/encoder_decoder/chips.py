"""The translation as chips: each token with the probability that the model gave it."""

import math
from collections.abc import Sequence

import streamlit as st

from core.translation import Reading
from pages.encoder_decoder.model.notice import DOUBT
from pages.shared.model import prose
from pages.shared.model.written import isolated, percent


def show(found: Reading, labels: Sequence[str]) -> None:
    """Each token of the translation with what the model gave it; one that it doubted is marked. labels: SOS first."""
    words = []
    for label, log_prob in zip(labels[1:], found.log_probs, strict=True):
        p = math.exp(log_prob)
        colour, mark = ("gray", "") if p >= DOUBT else ("orange", ":material/question_mark: ")
        name = prose.fill("{name}", name=isolated(label))
        words.append(f":{colour}-badge[{mark}**{name}** :small[{percent(p)}]]")
    st.markdown(" ".join(words))
