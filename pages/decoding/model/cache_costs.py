"""One step of decoding with a KV cache and without: the operations, the bytes held, which rows are computed now.

Step T feeds token T, which stands behind T others. Without a cache all T + 1 are computed again; with it one.
"""

from typing import NamedTuple

from core.costs import Size, Term, cache_bytes, term, total

FLOAT = 4  # bytes of a number as our models keep it


class Step(NamedTuple):
    """What a step costs."""

    at: int
    cached: int  # operations
    uncached: int
    held: int  # bytes of keys and values once the step is done
    added: int  # bytes of them that this step wrote


def terms(size: Size, t: int, cached: bool, source: int = 0) -> list[Term]:
    """The operations of step t, by part. `source` tokens of an encoder's output are looked at, if there are any.

    Keys and values of the source are the same at every step: with a cache they are computed at the first alone. The
    encoder itself runs once in either case, and is left out.
    """
    n, s, d, layers = 1 if cached else t + 1, source, size.d_model, size.decoder_layers
    found = [
        term("Projections Q, K, V, O", "4·n·d² + 4·n·d·d_kv", layers, n=n, d=d, d_kv=size.d_kv),
        term("Scores and mixing", "4·n·t·d", layers, n=n, t=t + 1, d=d),
        term("MLP", f"{4 + 2 * size.gated}·n·d·d_ff", layers, n=n, d=d, d_ff=size.d_ff),
        term("Output matrix", "2·n·d·vocab", 1, n=n, d=d, vocab=size.vocab),
    ]
    if source:
        found.insert(2, term("Cross-attention", "4·n·d² + 4·n·s·d", layers, n=n, s=s, d=d))
        if t == 0 or not cached:
            found.insert(3, term("Keys and values of the source", "4·s·d·d_kv", layers, s=s, d=d, d_kv=size.d_kv))
    return found


def step(size: Size, t: int, source: int = 0) -> Step:
    cached, uncached = (total(terms(size, t, kept, source)) for kept in (True, False))
    held, before = (cache_bytes(size, n + source, FLOAT) for n in (t + 1, t))
    return Step(t, cached, uncached, held, held - (before if t else 0))


def steps(size: Size, n: int, source: int = 0) -> list[Step]:
    """Steps 0 to n - 1."""
    return [step(size, t, source) for t in range(n)]
