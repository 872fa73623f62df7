"""Encoder and decoder as two stacks of parts, with the shapes between them: plain data for the page's picture."""

from collections.abc import Iterator
from typing import NamedTuple

from core.config import Config
from pages.shared.model.prose import _

SELF, CROSS, MLP = "query", "key", "value"  # the colours of what opens: looks at its own sentence, the other, at none
WHERE = ("encoder", "encoder_mlp", "decoder", "cross", "decoder_mlp")


class Part(NamedTuple):
    """One attention or MLP of the machine; `layer` is counted from 0."""

    where: str  # one of WHERE
    layer: int

    def __str__(self) -> str:
        return f"{self.where}-{self.layer + 1}"


def parts(n_layers: int) -> list[Part]:
    return [Part(where, layer) for where in WHERE for layer in range(n_layers)]


def parse(text: str, n_layers: int) -> Part | None:
    """The part that a link names, if there is one."""
    return next((part for part in parts(n_layers) if str(part) == text), None)


def picture(config: Config, t_source: int, t_target: int) -> list[dict]:
    """Both stacks, the input on top; t_source and t_target are the tokens that each of them reads."""
    encoder = [plain(_("Korean tokens"), _("ids: {t}").format(t=t_source), ""), *stack(config, t_source, None)]
    decoder = [plain(_("English so far"), _("ids, SOS first: {t}").format(t=t_target), "")]
    decoder += stack(config, t_target, t_source)
    vocab = plain(_("LM head"), _("one logit for each of {vocab:,} pieces").format(vocab=config.vocab),
                  f"({t_target}×{config.vocab})")  # fmt: skip
    encoder[-1]["last"] = True
    return [{"name": _("Encoder"), "parts": encoder}, {"name": _("Decoder"), "parts": [*decoder, vocab]}]


def stack(config: Config, t: int, t_source: int | None) -> Iterator[dict]:
    """Embedding, blocks, last norm. A decoder's blocks have a source to look at."""
    d = config.d_model
    shape = f"({t}×{d})"
    yield plain(_("Embedding"), _("piece + position"), shape)
    for layer in range(config.n_layers):
        own = Part("encoder" if t_source is None else "decoder", layer)
        note = _("{h} heads of {d}").format(h=config.n_heads, d=config.d_head)
        note += "" if t_source is None else _(", causal mask")
        yield opening(own, _("{n} · Self-attention").format(n=layer + 1), note, shape, SELF)
        if t_source is not None:
            cross = opening(Part("cross", layer), _("{n} · Cross-attention").format(n=layer + 1),
                            _("queries from here"), shape, CROSS)  # fmt: skip
            yield cross | {"heard": f"({t_source}×{d})"}
        mlp = own._replace(where=f"{own.where}_mlp")
        yield opening(mlp, _("{n} · MLP").format(n=layer + 1), f"{d} → {config.d_ff} → {d}", shape, MLP)
    yield plain(_("Last norm"), _("what the other stack hears") if t_source is None else "", shape)


def plain(label: str, note: str, shape: str) -> dict:
    return {"label": label, "note": note, "shape": shape}


def opening(part: Part, label: str, note: str, shape: str, role: str) -> dict:
    return {"id": str(part), **plain(label, note, shape), "role": role}
