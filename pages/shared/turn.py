"""One page at a time: what visitors ask for waits for its turn, instead of all being half done at once.

Python runs one thread at a time, and whatever a page sends hands the processor on to another thread. Of a class that
changes something together, each page would be done when nearly all are; in turn, each but the last is done earlier.
"""

from collections.abc import Callable
from functools import partial, wraps
from threading import RLock

import streamlit as st

TURN = RLock()  # held through a run; the fragments within a run are in its turn, those that run alone take their own


def fragment(part: Callable | None = None, **more) -> Callable:
    """`st.fragment`, for pages: when the part is run alone, it waits for its turn."""
    if part is None:
        return partial(fragment, **more)

    @wraps(part)
    def in_turn(*args, **named):
        with TURN:
            return part(*args, **named)

    return st.fragment(in_turn, **more)
