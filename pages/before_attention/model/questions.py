"""Questions about recurrent networks: a step, a gate, what is left of a gradient, who must wait."""

import math

from core.recurrent import LstmTrace, RnnTrace
from pages.before_attention.model.view import FEATURES
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question, made
from pages.shared.model.written import factor, number

CLOSE = 0.011
NONE = _("none of them")


def predict(back: int, accuracies: dict[str, float], names: dict[str, str]) -> Question:
    """Which machine is right most often at this distance?"""
    right = names[max(accuracies, key=accuracies.get)]
    text = fill(_("24 letters are read, then comes the question which letter stood **{back} steps back**. Which of the "
                  "three still knows, in more than half of the cases?"), back=back)  # fmt: skip
    knows = [names[kind] for kind, share in accuracies.items() if share > 0.5]
    both, everyone = _("the LSTM and attention"), _("all three")
    options = (*names.values(), both, everyone, NONE)
    answers = {0: NONE, 1: right, 2: both, 3: everyone}
    answer = answers[len(knows)]
    working = ", ".join(f"{names[kind]} {share:.1%}" for kind, share in accuracies.items())
    return Question(text, answer, working, options)


def questions(rnn: RnnTrace, lstm: LstmTrace, length: int, radius: float) -> tuple[Question, ...]:
    """The traces of one text, a number of tokens, and the spectral radius of the RNN's W_h on the page."""
    return state(rnn), memory(lstm), fades(radius), waits(length)


def state(trace: RnnTrace) -> Question:
    """Both parts of a step are given: what is the new state? The number asked for is one that tanh bends, a little."""
    n = int(((trace.from_input + trace.from_state)[0, -1, :FEATURES].abs() - 1).abs().argmin())
    arrived, carried = (round(part[0, -1, n].item(), 2) for part in (trace.from_input, trace.from_state))
    right = math.tanh(arrived + carried)
    text = _("**A step.** For number {n} of the RNN's last state, the token gives {a} and the state before it {b}. "
             "What is the new one?")  # fmt: skip
    mistakes = (
        (arrived + carried, _("That is the sum; tanh still squeezes it.")),
        (math.tanh(arrived), _("You left out what the state before brings.")),
        (math.tanh(arrived) + math.tanh(carried), _("First the sum, then tanh.")),
    )
    working = rf"$\tanh({number(arrived)} + {factor(carried)}) = {number(right)}$"
    values = {"n": n + 1, "a": number(arrived), "b": number(carried)}
    return made(text, right, working, mistakes, values, tolerance=CLOSE)


def memory(trace: LstmTrace) -> Question:
    """Gates, memory and candidate are given: what is the new memory? Of the number whose gates are least decided."""
    undecided = (trace.forget - 0.5).abs() + (trace.enter - 0.5).abs()
    n = int(undecided[0, -1, :FEATURES].argmin())
    f, i, g = (round(part[0, -1, n].item(), 2) for part in (trace.forget, trace.enter, trace.candidate))
    before = round(trace.cell[0, -2, n].item(), 2)
    right = f * before + i * g
    text = _("**A gate.** Number {n} in the LSTM's last step: memory before {c}, forget gate {f}, input gate {i}, "
             "candidate {g}. What is the new memory?")  # fmt: skip
    mistakes = (
        (before + i * g, _("The forget gate still takes its share of the old memory.")),
        ((1 - f) * before + i * g, _("The forget gate says what is kept: 1 keeps all, 0 forgets all.")),
        (f * before + g, _("The input gate still takes its share of the candidate.")),
        (f * before, _("Something new is written, too.")),
    )
    working = rf"${factor(f)}\cdot{factor(before)} + {factor(i)}\cdot{factor(g)} = {number(right)}$"
    values = {"n": n + 1, "c": number(before), "f": number(f), "i": number(i), "g": number(g)}
    return made(text, right, working, mistakes, values, tolerance=CLOSE)


def fades(radius: float, steps: int = 10) -> Question:
    """A factor a step: what is left after ten?"""
    shown = min(max(round(radius, 2), 0.5), 0.95)
    right = 100 * shown**steps
    text = _(
        "**Fading.** If each step back multiplies the gradient by {r}, what per cent of it is left after {n} steps?"
    )
    mistakes = (
        (100 * shown, _("That is what one step leaves.")),
        (100 * shown / steps, _("Factors multiply: it is a power, not a division by the number of steps.")),
        (right / 100, _("That is the share; the question asks for per cent.")),
    )
    working = rf"$100\cdot{number(shown)}^{{{steps}}} = {number(right)}$"
    return made(text, right, working, mistakes, {"r": number(shown), "n": steps}, tolerance=max(0.011, right / 100))


def waits(length: int) -> Question:
    """How many steps one behind the other?"""
    text = _("**Waiting.** A text has {n} tokens. How many steps must come one after the other in an LSTM layer, and "
             "how many in an attention layer?")  # fmt: skip
    right = fill(_("{n} and 1"), n=length)
    options = (right, fill(_("1 and {n}"), n=length), fill(_("{n} and {n}"), n=length), fill(_("1 and 1"), n=length))
    mistakes = (
        (options[1], _("Turned round: it is the state that must wait.")),
        (options[2], _("Attention compares all pairs in one product of matrices.")),
        (options[3], _("Each state needs the one before it.")),
    )
    working = _("Each state is computed from the one before; attention needs none of its own results.")
    return made(text, right, working, mistakes, {"n": length}, options=options)
