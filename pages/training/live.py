"""Training live: the learner's own run on the server, and what the page shows of it once a second.

The page's fragment is the run's heartbeat: when nobody runs it any more, the queue stops the run.
"""

import math
import re

import streamlit as st

from pages.shared import heads, lines, stepper, turn, ui
from pages.shared.model.prose import Lesson, _, fill
from pages.shared.model.questions import Question
from pages.training.model import charts, questions
from pages.training.model.live_queue import (
    LONGEST,
    SHORTEST,
    STEPS,
    TASKS,
    VOCAB,
    Look,
    Point,
    Queue,
    Run,
    Settings,
    parted,
)

TICK = 1.0  # seconds between two looks at a run
RATES = ("0.0001", "0.001", "0.003", "0.01", "0.1", "100")
RUN, BEFORE, SHOWN = "training_run", "training_before", "training_shown"  # keys: both runs, and the state last shown
LOOK = "training_look"
NAMES = {"copy": _("Copy"), "reverse": _("Reverse"), "sort": _("Sort")}
MOST_LOSS = 3.0  # where the loss axis ends, if no loss is larger; a model that knows nothing has ln 14 = 2.64


@st.cache_resource(show_spinner=False)
def queue() -> Queue:
    """One for the whole server."""
    return Queue()


def show(lesson: Lesson) -> tuple[Question, ...]:
    """Settings, buttons, and the run; while it is going on, that part runs by itself. -> questions about it"""
    ui.say(lesson["Live"])
    run = st.session_state.get(RUN)
    settings = choose(run)
    buttons(run, settings)
    if run is None:
        ui.say(lesson["Live empty"])
    elif run.active:
        st.session_state[SHOWN] = run.state
        turn.fragment(watch, run_every=TICK)(lesson)
    else:
        with st.container():  # as around a fragment: so nothing jumps when a run ends
            view(lesson, run)
    return questions.guessing(VOCAB), questions.reversal(settings.digits)


def keep() -> None:
    """On other parts of the page: a run that is going on goes on."""
    run = st.session_state.get(RUN)
    if run and run.active:
        turn.fragment(heartbeat, run_every=2 * TICK)()


def heartbeat() -> None:
    queue().watch(st.session_state[RUN])


def choose(run: Run | None) -> Settings:
    """What to train. Task and seed belong to a run; the other two can be changed while it goes on."""
    going = bool(run and run.active)
    kept = {"persist_state": "session"}  # over other parts of the page
    with st.container(horizontal=True, vertical_alignment="bottom"):
        task = ui.choice(
            _("Task"), TASKS, "training_task", NAMES.__getitem__, default="reverse", disabled=going, **kept
        )
        rate = ui.choice(_("Learning rate"), RATES, "training_lr", default="0.003", on_change=change_rate, **kept)
        seed = ui.number(_("Seed"), 0, 999, 1, "training_seed", width=130, disabled=going, **kept)
        ui.typed(_("Digits to watch"), Settings().digits, "training_digits", LONGEST, width=150,
                 on_change=change_digits, **kept)  # fmt: skip
    return Settings(task, float(rate), int(seed), digits(), STEPS)


def digits() -> str:
    """What is typed, or the usual digits where that is not 3 to 6 of them; and that is said."""
    text = st.session_state.training_digits.strip()
    if re.fullmatch(f"[0-9]{{{SHORTEST},{LONGEST}}}", text):
        return text
    st.warning(fill(_("Type {low} to {high} digits, such as {usual}. Until then {usual} is watched."), low=SHORTEST,
                    high=LONGEST, usual=Settings().digits))  # fmt: skip
    return Settings().digits


def change_rate() -> None:
    tell("lr", lr=float(st.session_state.training_lr))


def change_digits() -> None:
    text = st.session_state.training_digits.strip()
    if re.fullmatch(f"[0-9]{{{SHORTEST},{LONGEST}}}", text):
        tell("digits", digits=text)


def tell(do: str, **more) -> None:
    if run := st.session_state.get(RUN):
        queue().order(run, do, **more)


def buttons(run: Run | None, settings: Settings) -> None:
    with st.container(horizontal=True):
        if run is None or not run.active:
            press("start", _("Train") if run is None else _("Train again"), "model_training", start, settings)
            return
        if run.state == "paused":
            press("go", _("Go on"), "play_arrow", tell, "go")
        else:
            press("pause", _("Pause"), "pause", tell, "pause", disabled=run.state != "running")
        press("stop", _("Stop"), "stop", queue().stop, run, _("You stopped it."), type="secondary")


def press(what: str, label: str, icon: str, do, *args, type: str = "primary", **more) -> None:
    st.button(label, icon=f":material/{icon}:", key=f"training_{what}", on_click=do, args=args, type=type, **more)


def start(settings: Settings) -> None:
    st.session_state[BEFORE], st.session_state[RUN] = st.session_state.get(RUN), queue().start(settings)
    st.session_state.pop(LOOK, None)  # the newest one, when it is over


def watch(lesson: Lesson) -> None:
    """Once a second. When the buttons have to change, the whole page runs again."""
    run = st.session_state[RUN]
    place = queue().watch(run)
    view(lesson, run, place)
    if run.state != st.session_state[SHOWN]:
        st.rerun()


def view(lesson: Lesson, run: Run, place: int = 0) -> None:
    tell_state(lesson, run, place)
    left, right = st.columns(2, gap="large")
    with left:
        loss(lesson, run)
    looks = list(run.looks)
    if not looks:
        return
    with left:
        at = len(looks) - 1
        if not run.active:
            names = [_("after {n} steps").format(n=look.step) for look in looks]
            st.session_state.setdefault(LOOK, at)
            at = stepper.show(names, LOOK)
        samples(lesson, looks[at])
    with right:
        attention(lesson, looks[at])


def tell_state(lesson: Lesson, run: Run, place: int) -> None:
    """Where the run stands, in a bar or a sentence."""
    match run.state:
        case "waiting":
            st.info(fill(lesson["Waiting"], place=place), icon=":material/hourglass_top:")
        case "starting":
            st.progress(0.0, _("Starting a process of its own"))
        case "running" | "paused" as now:
            said = _("Step {step} of {steps}") if now == "running" else _("Paused at step {step} of {steps}")
            st.progress(run.step / run.settings.steps, said.format(step=run.step, steps=run.settings.steps))
        case "done":
            st.success(fill(lesson["Done"], exact=f"{run.looks[-1].exact:.0%}", steps=run.step), icon=":material/flag:")
        case "failed":
            st.error(fill(lesson["Failed"], why=run.why))
        case "stopped":
            st.warning(fill(lesson["Stopped"], why=run.why, step=run.step))


def loss(lesson: Lesson, run: Run) -> None:
    before, now = st.session_state.get(BEFORE), list(run.curve)
    old = list(before.curve) if before and before.settings.task == run.settings.task else []
    ui.chart(charts.curve(run.settings.steps, top(now)), charts.curve_rows(now, old), alt=charts.curve_alt(now),
             key="training_curve")  # fmt: skip
    if old and now:
        step = parted(now, old)
        ui.say(lesson["Same curve" if step is None else "Other curve"], step=step or 0, seed=run.settings.seed)


def top(curve: list[Point]) -> float:
    """A power of ten that holds all losses, where the usual axis does not."""
    most = max((point.loss for point in curve), default=0)
    return MOST_LOSS if most <= MOST_LOSS else 10.0 ** math.ceil(math.log10(most))


def samples(lesson: Lesson, look: Look) -> None:
    ui.say(lesson["Samples"], step=look.step, exact=f"{look.exact:.0%}")
    rows = [f"| {asked} | {said or '–'} | {right} | {'✓' if said == right else '✗'} |"
            for asked, said, right in look.samples]  # fmt: skip
    st.markdown("\n".join([_("| asked | written | right | |"), "|---|---|---|---|", *rows]))


def attention(lesson: Lesson, look: Look) -> None:
    """Every head, and the chosen one's lines from what is written."""
    asked, _said, right = look.samples[0]
    labels = [f"{i} {name}" for i, name in enumerate((_("start"), *asked, "→", *right))]
    t, n = len(labels), len(asked)
    weights, aim = look.attention.reshape(2, -1, t, t), look.aim()
    best = divmod(int(aim.argmax()), weights.shape[1])
    ui.say(lesson["Live attention"], n=n, layer=best[0] + 1, head=best[1] + 1, most=float(aim.max()))
    mask = [[key <= query for key in range(t)] for query in range(t)]
    chosen = heads.show(weights, labels, "training_heads_live", best, mask=mask)
    lines.show(weights[chosen.layer, chosen.head][n + 1 :], labels[n + 1 :], labels, "training_lines_live", 0.1)
