"""A visitor without a browser: speaks Streamlit's websocket protocol, and changes whatever a page lets one change."""

import asyncio
import json
import random
import time
from typing import Any, NamedTuple

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

LEFT_OUT = {"Run", "Stop", "Play", "Pause"}  # a page that runs by itself needs the browser's clock
SENTENCES = (
    "The cat sat on the mat.",
    "Tom and Sue saw a big red bird in the tree.",
    "A dog ran home",
    "One day, a girl",
)
TEXTS = {  # what would get another text could show nothing any more
    "Your text, of the letters a to h": (3 * "abcdefgh", 3 * "deadbeef", 3 * "facadehe"),
    "The library: title, colon, contents": (
        "fruit: apple orange pear\nmusic: song piano guitar",
        "animals: dog cat horse\nhouse: door roof window\nfood: bread milk",
    ),
    "The chat: name, colon, message": ("Ann: hello\nBob: good morning", "Ann: a red car\nBob: blue\nAnn: it is fast"),
    "Your answer": ("0.5", "−1", "0,25", "3"),
    "Base": ("10000", "100", "500000"),
    "Add to every score": ("100", "-50", "800"),
    "Top-p": ("0.9", "0.5"),
    "Min-p": ("0.1", "0.05"),
    "Repetition penalty": ("1.2", "1.5"),
    "Scores": ("1 2 3", "0.5 -1 4 2", "7"),
}
FAILED, EARLY = ForwardMsg.FINISHED_WITH_COMPILE_ERROR, ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Control(NamedTuple):
    """Something to change: a field of WidgetState for each value that it can take."""

    id: str
    label: str
    fragment: str  # what is run again; empty: the whole page
    values: list[dict[str, Any]]


def values(kind: str, widget) -> list[dict[str, Any]]:
    """What a browser could send for this widget; nothing for what only shows."""
    match kind:
        case "slider":
            steps = max(1, round((widget.max - widget.min) / (widget.step or 1)))
            numbers = [widget.min + (widget.step or 1) * i for i in range(steps + 1)]
            return [{"double_array_value": {"data": [number] * len(widget.default)}} for number in numbers]
        case "number_input":
            lowest = widget.min if widget.has_min else 0
            return [{"double_value": lowest + (widget.step or 1) * i} for i in range(5)]
        case "text_input" | "text_area":
            return [{"string_value": text} for text in TEXTS.get(widget.label, SENTENCES)]
        case "selectbox" | "radio":
            return [{"string_value": option} for option in widget.options]
        case "button_group":
            return [{"string_array_value": {"data": [option.content]}} for option in widget.options]
        case "checkbox":
            return [{"bool_value": True}, {"bool_value": False}]
        case "button":
            return [{"trigger_value": True}]
    return []


def component(widget) -> Control | None:
    """The one thing to do with a component of ours; a trigger has an id of its own."""
    name = widget.component_name.removeprefix("attention_lab_")
    places = [{"layer": layer, "head": head} for layer in range(4) for head in range(6)]
    trigger = f"$$STREAMLIT_INTERNAL_KEY_{widget.id}__events"
    if name == "heads":
        return Control(widget.id, name, "", [{"json_value": json.dumps({"head": place})} for place in places])
    if name == "poster":
        steps = [json.dumps([{"event": "step", "value": place}]) for place in places]
        return Control(trigger, name, "", [{"json_trigger_value": step} for step in steps])
    return None


class Visitor:
    def __init__(self, address: str, page: str, chance: random.Random):
        self.url = address.replace("http", "ws", 1) + "/_stcore/stream"
        self.page, self.page_hash, self.query, self.chance = page, "", "", chance
        self.controls: dict[str, Control] = {}
        self.state: dict[str, WidgetState] = {}
        self.cache: dict[str, ForwardMsg] = {}
        self.errors: list[str] = []
        self.bytes = 0  # received

    async def __aenter__(self) -> "Visitor":
        self.socket = await websockets.connect(
            self.url, subprotocols=["streamlit"], max_size=None, open_timeout=60, ping_interval=None, compression=None
        )
        await self.run()
        return self

    async def __aexit__(self, *_) -> None:
        await self.socket.close()

    async def change(self, control: Control | None = None) -> float:
        """Give the control, or any one, another value; seconds until the script had finished."""
        control = control or self.chance.choice(list(self.controls.values()))
        value = self.chance.choice(control.values)
        before, self.state = self.state, {**self.state, control.id: WidgetState(id=control.id, **value)}
        took = await self.run(control.fragment)
        if "trigger" in next(iter(value)):  # a press does not last
            self.state = before
        return took

    async def run(self, fragment: str = "") -> float:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.page_script_hash, rerun.fragment_id = self.page_hash, fragment
        rerun.page_name, rerun.query_string = "" if self.page_hash else self.page, self.query
        rerun.widget_states.widgets.extend(self.state.values())
        rerun.cached_message_hashes.extend(self.cache)
        rerun.context_info.timezone, rerun.context_info.locale = "UTC", "en-US"
        if not fragment:
            self.controls = {}
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            received = await asyncio.wait_for(self.socket.recv(), 60)
            self.bytes += len(received)
            answer = ForwardMsg.FromString(received)
            if answer.WhichOneof("type") == "script_finished" and answer.script_finished != EARLY:
                if answer.script_finished == FAILED:
                    self.errors.append("the script cannot be compiled")
                return time.perf_counter() - began
            self.note(answer)

    def note(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            return self.note(self.cache[message.ref_hash])
        if message.metadata.cacheable and message.hash:
            self.cache[message.hash] = message
        if kind == "navigation":  # which page was opened after all
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self.note_element(message.delta)

    def note_element(self, delta) -> None:
        kind = delta.new_element.WhichOneof("type")
        widget = getattr(delta.new_element, kind)
        if kind == "exception":
            self.errors.append(f"{widget.type}: {widget.message[:200]}")
        elif kind == "bidi_component":
            if control := component(widget):
                self.controls[control.id] = control._replace(fragment=delta.fragment_id)
        elif (found := values(kind, widget)) and not widget.disabled and widget.label not in LEFT_OUT:
            self.controls[widget.id] = Control(widget.id, widget.label, delta.fragment_id, found)
