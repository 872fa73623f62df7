"""One page at a time: what visitors ask for waits for its turn, instead of all being half done at once.

Python runs one thread at a time, and whatever a page sends hands the processor on to another thread. Of a class that
changes something together, each page would be done when nearly all are; in turn, each but the last is done earlier.
"""

from collections import deque
from collections.abc import Callable
from functools import partial, wraps
from threading import Event, Lock, get_ident
from typing import NoReturn

import streamlit as st


class Turn:
    """A lock that is handed on in the order in which it was asked for; whoever holds it may take it again.

    A lock of Python's own goes to whoever comes by when it is free: often to the thread that has just left it, so that
    one visitor who asks again and again would keep all others waiting. A session runs in one thread at a time, hence
    it has one place in the line.
    """

    def __init__(self):
        self.lock = Lock()  # for the three below
        self.line: deque[tuple[int, Event]] = deque()
        self.holder: int | None = None  # the thread whose turn it is
        self.depth = 0

    def __enter__(self) -> None:
        me, called = get_ident(), Event()
        with self.lock:
            if self.holder in (None, me):
                self.holder = me
                self.depth += 1
                return
            self.line.append((me, called))
        called.wait()

    def __exit__(self, *_exception) -> None:
        with self.lock:
            self.depth -= 1
            if self.depth:
                return
            self.holder, called = self.line.popleft() if self.line else (None, None)
            if called:
                self.depth = 1
                called.set()


TURN = Turn()  # held through a run; the fragments within a run are in its turn, those that run alone take their own


class Ended(Exception):
    """A page ends early, having said why. Only the frame catches it, which goes on with the link and the warnings.

    Streamlit's own `st.stop` would end the frame as well: the link would keep what is no longer in the boxes.
    """


def end() -> NoReturn:
    """What a page calls once it has said why it cannot go on."""
    raise Ended


def fragment(part: Callable | None = None, **more) -> Callable:
    """`st.fragment`, for pages: when the part is run alone, it waits for its turn."""
    if part is None:
        return partial(fragment, **more)

    @wraps(part)
    def in_turn(*args, **named):
        with TURN:
            try:
                return part(*args, **named)
            except Ended:
                st.stop()

    return st.fragment(in_turn, **more)
