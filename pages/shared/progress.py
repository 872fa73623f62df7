"""How far the learner is: the questions of each lesson that were answered rightly, kept for the session."""

from typing import NamedTuple

import streamlit as st


class Done(NamedTuple):
    right: int
    total: int


def note(key: str, right: int, total: int) -> None:
    """Keep under this key, which begins with the lesson's slug, the most that was right: new numbers take nothing."""
    held = st.session_state.setdefault("progress", {})
    before = held.get(key, (0, total))[0]
    held[key] = Done(min(max(before, int(right)), total), total)


def of(slug: str) -> Done | None:
    """All questions of a lesson; None before it was opened."""
    held = st.session_state.get("progress", {})
    found = [done for key, done in held.items() if key.startswith(f"{slug}_")]
    return Done(*map(sum, zip(*found, strict=True))) if found else None
