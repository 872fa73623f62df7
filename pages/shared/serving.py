"""How the app is served: ready before the first visitor, silent towards the outside, with headers for browsers."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import net_util
from streamlit.runtime.pages_manager import PagesManager

from pages.shared import models
from pages.shared.model.prose import _

FRAME_ANCESTORS = "ATTENTION_LAB_FRAME_ANCESTORS"  # an environment variable: which sites may show the app in a frame


@asynccontextmanager
async def ready(_app) -> AsyncIterator[None]:
    """Before the first visitor: load torch and the model, so that nobody waits for them."""
    stay_inside()
    # st.navigation sets this too, but only in the first session: until then a folder named `pages` would make
    # Streamlit look for pages by itself, and greet whoever comes first by a deep link with "Page not found".
    PagesManager.uses_pages_directory = False
    models.warm_up()
    print(_("Attention Lab is at {address}").format(address=address()))
    yield


def stay_inside() -> None:
    """Keep Streamlit from asking a service outside for this machine's address.

    It does so for each websocket that another site's page opens, before it refuses it, while everybody waits: where a
    school drops such requests, for 20 s each time.
    """
    net_util.get_external_ip = lambda: None


def address() -> str:
    """Where a browser on this machine finds the app."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"http://localhost:{st.get_option('server.port')}" + (f"/{base}" if base else "")


class Headers:
    """Every answer says: take a file for what it is called, and tell other sites nothing of where one was."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
        if ancestors := os.environ.get(FRAME_ANCESTORS, "").replace(";", " ").strip():
            self.headers["Content-Security-Policy"] = f"frame-ancestors {ancestors}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


MIDDLEWARE = [Middleware(Headers)]
