"""Questions about one translation: shapes, who asks whom, the probability of a whole, where a step looks."""

import math
from collections.abc import Sequence

from core.config import Config
from core.translation import Reading, Source, cross_weights
from pages.encoder_decoder.model.notice import SURE
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question
from pages.shared.model.written import isolated, number

CLOSE = 0.006


def questions(source: Source, found: Reading, labels: Sequence[str], config: Config) -> tuple[Question, ...]:
    """labels: of the target, SOS first."""
    made = [shape(len(found.target) - 1, len(source.ids), config), keys(), whole(found, labels)]
    return (*made, *look(source, found, labels))


def shape(t: int, s: int, config: Config) -> Question:
    """What shape has the cross-attention of one head?"""
    text = _("**Shapes.** The decoder has read {t} tokens, the encoder {s}. What shape are the weights of one head of "
             "cross-attention?")  # fmt: skip
    right, turned = f"({t}×{s})", f"({s}×{t})"
    options = tuple(dict.fromkeys((right, turned, f"({t}×{t})", f"({s}×{s})", f"({t}×{config.d_head})")))
    working = fill(_("Queries down, keys along: {t} queries from the decoder, {s} keys from the encoder."), t=t, s=s)
    mistakes = (
        (turned, _("Turned round: each row is a query, and the decoder asks.")),
        (f"({t}×{t})", _("That is the decoder's self-attention: its keys are its own.")),
        (f"({s}×{s})", _("That is the encoder's self-attention.")),
        (f"({t}×{config.d_head})", _("That is the output of a head: the values, mixed.")),
    )
    named = tuple(m for m in mistakes if m[0] != right)
    return Question(fill(text, t=t, s=s), right, working, options, named)


def keys() -> Question:
    """Where do the keys of cross-attention come from?"""
    right = _("from the encoder's output")
    options = (_("from the decoder's stream"), right, _("from the Korean embeddings"), _("from the mask"))
    mistakes = (
        (options[0], _("The decoder gives the queries. Keys and values come from the other side.")),
        (options[2], _("The embeddings are where the encoder begins; the decoder hears where it ends.")),
    )
    text = _("**Who asks whom.** Where do keys and values of cross-attention come from?")
    return Question(text, right, _("K = encoder output · W_k and V = encoder output · W_v."), options, mistakes)


def whole(found: Reading, labels: Sequence[str]) -> Question:
    """The probabilities of the first tokens are given: how probable are they together?"""
    probs = [round(math.exp(p), 2) for p in found.log_probs[:3]]
    named = ", ".join(fill(_("**{name}** {p}"), name=isolated(name), p=number(p))
                      for name, p in zip(labels[1:], probs, strict=False))  # fmt: skip
    right = math.prod(probs)
    text = _("**Probability.** The first steps gave: ") + named + _(". How probable is that beginning as a whole?")
    working = "$" + r"\cdot".join(map(number, probs)) + f" = {number(right, 3)}$"
    mistakes = (
        (sum(probs), _("Probabilities of steps are multiplied; it is their logarithms that are added.")),
        (sum(probs) / len(probs), _("That is the mean of them; the whole needs every step to come true.")),
        (min(probs), _("That is the least sure step alone.")),
    )
    return Question(text, right, working, mistakes=mistakes, tolerance=CLOSE)


def look(source: Source, found: Reading, labels: Sequence[str]) -> list[Question]:
    """Which Korean token does a step look at most, in the last layer on average? None if no step is sure."""
    weights = cross_weights(found)[-1].mean(0)[:, :-1]
    sure = [i for i in range(len(weights)) if weights[i].max() >= SURE]
    if not sure or len(source.labels) < 3:
        return []
    at = max(sure, key=lambda i: abs(int(weights[i].argmax()) - i))  # the one that order alone would not give
    right = int(weights[at].argmax())
    same = min(at, len(source.labels) - 2)
    options = tuple(isolated(label) for label in source.labels[:-1])
    text = _("**Read the lines.** Last layer, average of its heads: which Korean token does the step that said "
             "**{said}** look at most, the end token aside?")  # fmt: skip
    working = fill(_("In that row the largest weight is {w:.2f}, on **{key}**."), w=weights[at, right].item(),
                   key=options[right])  # fmt: skip
    mistakes = (
        (options[same], _("That stands at the same place, but Korean has another order: its verb comes last.")),
    )
    mistakes = mistakes if same != right else ()
    return [Question(fill(text, said=isolated(labels[at + 1])), options[right], working, options, mistakes)]


def predict(change: str, stays: bool) -> Question:
    """What becomes of the translation? `stays`: whether it comes out the same."""
    asked = {
        "cut": _("Cross-attention is cut: the decoder hears nothing of the Korean. What will it write?"),
        "causal": _("In the encoder each Korean token now sees only itself and those before it. What will come out?"),
        "removed": _("The encoder never gets that token. What will come out?"),
    }
    same, other = _("the same translation"), _("another sentence")
    options = (same, other, _("nothing at all"))
    mistakes = ((options[2], _("It writes in any case: there is always a most probable next token.")),)
    return Question(asked[change], same if stays else other, "", options, mistakes)
