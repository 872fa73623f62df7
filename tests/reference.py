"""The oracle: attention, the Transformer and decoding in NumPy, float64, written from the papers' formulas alone.

Nothing here is fast, batched or shared with `core`; each function says what shapes it takes and gives. Masks are bool
and True means "may look". Weights are plain dicts, (d_in, d_out), and a model's dict mirrors its checkpoint.
"""

import math

import numpy as np

# Attention: arXiv 1706.03762, section 3.2


def similarity(q, k, kind="scaled_dot"):  # (..., t_q, d), (..., t_k, d) -> (..., t_q, t_k)
    if kind == "cosine":
        q, k = (np.apply_along_axis(unit, -1, x) for x in (q, k))
    scores = np.einsum("...qd,...kd->...qk", q, k)
    return scores / q.shape[-1] ** 0.5 if kind == "scaled_dot" else scores


def unit(x):  # (d,) -> (d,); hypot neither overflows nor underflows
    length = math.hypot(*x)
    return x / length if length else x


def softmax(x, temperature=1.0):  # (..., n) -> (..., n); a row of -inf gives zeros
    highest = np.max(x, -1, keepdims=True)
    powers = np.exp((x - np.where(np.isinf(highest), 0, highest)) / temperature)
    total = powers.sum(-1, keepdims=True)
    return powers / np.where(total > 0, total, 1)


def attention(q, k, v, mask=True, bias=0.0, kind="scaled_dot", temperature=1.0):
    # (..., t_q, d), (..., t_k, d), (..., t_k, d_v) -> scores and weights (..., t_q, t_k), output (..., t_q, d_v)
    scores = similarity(q, k, kind) + bias
    weights = softmax(np.where(mask, scores, -np.inf), temperature)
    return scores, weights, weights @ v


def linear(x, w, b=None):  # (t, d_in), (d_in, d_out), (d_out,) -> (t, d_out)
    return x @ w + (0 if b is None else b)


def multi_head(x, memory, p, n_heads, mask=True, n_kv_heads=None, turn=None, bias=None):
    # (t_q, d_model), (t_k, d_model), (t_q, t_k), bias (n_heads, t_q, t_k) -> weights (h, t_q, t_k), (t_q, d_model)
    n_kv, turn = n_kv_heads or n_heads, turn or (lambda z: z)
    q = [turn(z) for z in np.split(linear(x, p["w_q"], p.get("b_q")), n_heads, -1)]
    k = [turn(z) for z in np.split(linear(memory, p["w_k"], p.get("b_k")), n_kv, -1)]
    v = np.split(linear(memory, p["w_v"], p.get("b_v")), n_kv, -1)
    shared = [h * n_kv // n_heads for h in range(n_heads)]  # the key-value head that serves query head h
    heads = [attention(q[h], k[g], v[g], mask, 0 if bias is None else bias[h]) for h, g in enumerate(shared)]
    return np.array([head[1] for head in heads]), linear(np.hstack([h[2] for h in heads]), p["w_o"], p.get("b_o"))


# Masks


def causal(t_q, t_k):  # -> (t_q, t_k): query i is token i + t_k - t_q
    return np.array([[j <= i + t_k - t_q for j in range(t_k)] for i in range(t_q)])


def padding(lengths, t):  # (batch,) -> (batch, 1, t)
    return np.array([[[j < length for j in range(t)]] for length in lengths])


def sliding_window(t, window):  # -> (t, t)
    return np.array([[0 <= i - j < window for j in range(t)] for i in range(t)])


# Positions


def sinusoidal(t, d, base=10_000.0, offset=0):  # -> (t, d); arXiv 1706.03762, section 3.5
    wave = (math.sin, math.cos)
    return np.array([[wave[c % 2]((offset + r) / base ** (c // 2 * 2 / d)) for c in range(d)] for r in range(t)])


def rotary(x, base=10_000.0, offset=0, layout="interleaved"):  # (t, d) -> (t, d); arXiv 2104.09864: z e^(i m theta)
    t, d = x.shape
    first, second = (x[:, ::2], x[:, 1::2]) if layout == "interleaved" else (x[:, : d // 2], x[:, d // 2 :])
    turn = np.outer(np.arange(offset, offset + t), [base ** (-2 * i / d) for i in range(d // 2)])
    z = (first + 1j * second) * np.exp(1j * turn)
    return np.stack([z.real, z.imag], -1).reshape(t, d) if layout == "interleaved" else np.hstack([z.real, z.imag])


def alibi_slopes(n):  # -> n numbers; arXiv 2108.12409, section 3 and its footnote on other numbers of heads
    if (power := 2 ** int(math.log2(n))) == n:
        return [(2 ** (-8 / n)) ** (i + 1) for i in range(n)]
    return alibi_slopes(power) + alibi_slopes(2 * power)[0::2][: n - power]


def alibi(n_heads, t_q, t_k):  # -> (n_heads, t_q, t_k)
    far = [[abs(i + t_k - t_q - j) for j in range(t_k)] for i in range(t_q)]
    return np.array([[[-m * step for step in row] for row in far] for m in alibi_slopes(n_heads)])


# The Transformer: one sequence at a time


def layer_norm(x, weight, bias=None, eps=1e-5):  # (t, d), (d,), (d,) -> (t, d); arXiv 1607.06450
    centred = x - np.mean(x, -1, keepdims=True)
    return centred / np.sqrt(np.mean(centred**2, -1, keepdims=True) + eps) * weight + (0 if bias is None else bias)


def relu(x):  # (...) -> (...)
    return np.where(x > 0, x, 0.0)


def gelu(x):  # (...) -> (...): x times the share of a normal distribution below x (arXiv 1606.08415)
    return x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2


def gelu_tanh(x):  # (...) -> (...)
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


ACTIVATIONS = {"relu": relu, "gelu": gelu, "gelu_tanh": gelu_tanh}


def mlp(x, p, activation):  # (t, d_model) -> (t, d_model)
    return linear(ACTIVATIONS[activation](linear(x, p["w_in"], p.get("b_in"))), p["w_out"], p.get("b_out"))


def pre_norm(x, norm, sublayer):  # (t, d_model) -> (t, d_model)
    return x + sublayer(layer_norm(x, **norm))


def post_norm(x, norm, sublayer):  # (t, d_model) -> (t, d_model)
    return layer_norm(x + sublayer(x), **norm)


def block(x, p, c, mask=True, memory=None, memory_mask=True, **how):  # (t, d_model) -> (t, d_model)
    add = pre_norm if c["norm_first"] else post_norm
    kv = {"n_heads": c["n_heads"], "n_kv_heads": c["n_kv_heads"]}
    x = add(x, p["norm1"], lambda z: multi_head(z, z, p["attention"], mask=mask, **kv, **how)[1])
    if memory is not None:
        x = add(x, p["norm_cross"], lambda z: multi_head(z, memory, p["cross"], mask=memory_mask, **kv)[1])
    return add(x, p["norm2"], lambda z: mlp(z, p["mlp"], c["activation"]))


def embed(ids, p, c):  # (t,) -> (t, d_model)
    x = p["tokens"][ids] * (c["d_model"] ** 0.5 if c["scale_embedding"] else 1)
    if c["positions"] == "learned":
        return x + p["positions"][: len(ids)]
    return x + sinusoidal(len(ids), c["d_model"]) if c["positions"] == "sinusoidal" else x


def stack(ids, p, c, mask=True, **memory):  # (t,) -> (t, d_model): embedding, blocks, last norm
    how = {"turn": rotary} if c["positions"] == "rotary" else {}
    if c["positions"] == "alibi":
        how = {"bias": alibi(c["n_heads"], len(ids), len(ids))}
    x = embed(ids, p["embedding"], c)
    for i in range(c["n_layers"]):
        x = block(x, p["blocks"][str(i)], c, mask, **memory, **how)
    return layer_norm(x, **p["norm"]) if c["norm_first"] else x


def encoder(ids, p, c, mask=True):  # (t,), mask (t, t) or (1, t) -> (t, d_model)
    return stack(ids, p, c, mask)


def decoder(ids, p, c, **memory):  # (t,) -> logits (t, vocab); GPT-2 is pre-norm, gelu_tanh, learned and tied
    output = stack(ids, p, c, causal(len(ids), len(ids)), **memory)
    return output @ (p["embedding"]["tokens"].T if c["tied"] else p["w_vocab"])


def encoder_decoder(source, target, p, c, source_mask=True):  # (t_source,), (t_target,) -> logits (t_target, vocab)
    tokens = p["encoder"]["embedding"]["tokens"]  # one table for both
    d = p["decoder"] | {"embedding": p["decoder"].get("embedding", {}) | {"tokens": tokens}}
    return decoder(target, d, c, memory=encoder(source, p["encoder"], c, source_mask), memory_mask=source_mask)


# Loss and decoding


def log_softmax(x):  # (n,) -> (n,)
    return x - x.max() - math.log(np.exp(x - x.max()).sum())


def cross_entropy(logits, targets, smoothing=0.0, ignore=-100):  # (t, vocab), (t,) -> a number; arXiv 1512.00567
    counted = [(log_softmax(row), y) for row, y in zip(logits, targets, strict=True) if y != ignore]
    return float(np.mean([-(1 - smoothing) * logs[y] - smoothing * logs.mean() for logs, y in counted]))


def by_size(x):  # (n,) -> n ids, the largest first, the lower id first among equals
    return sorted(range(len(x)), key=lambda i: (-x[i], i))


def filter_logits(logits, temperature=1.0, top_k=None, top_p=None, min_p=None):  # (vocab,) -> probabilities (vocab,)
    """Temperature, top-k, top-p (arXiv 1904.09751), min-p (arXiv 2407.01082): each on what the one before left."""
    if temperature < 1e-30:
        return np.eye(len(logits))[by_size(logits)[0]]
    left = dict.fromkeys(by_size(logits)[: None if top_k is None else max(1, top_k)], 0.0)
    left = renormalise(left, np.exp(log_softmax(logits / temperature)))
    if top_p is not None and top_p < 1:
        reached = np.cumsum(list(left.values()))
        needed = next(i for i, total in enumerate(reached, 1) if total >= top_p)  # the fewest that together reach p
        left = renormalise(list(left)[:needed], left)
    if min_p is not None:
        left = renormalise([i for i in left if left[i] >= min_p * max(left.values())], left)
    return np.array([left.get(i, 0.0) for i in range(len(logits))])


def renormalise(ids, probs):  # some ids, probabilities by id -> {id: share}, summing to 1
    total = sum(probs[i] for i in ids)
    return {i: probs[i] / total for i in ids}


def draw(probs, number):  # (vocab,), a number in [0, 1) -> the id it falls on, the largest share first
    reached = 0.0
    for i in by_size(probs):
        reached += probs[i]
        if number < reached:
            return i
    raise ValueError("the probabilities do not sum to 1")


def beam_search(next_logits, prompt, eos, max_new, width, penalty=0.0):  # -> (score, ids); it never stops early
    beam, ended = [(0.0, list(prompt))], []
    for _ in range(max_new):
        found = [(s + p, [*ids, i]) for s, ids in beam for i, p in enumerate(log_softmax(next_logits(ids)))]
        best = sorted(found, key=lambda f: -f[0])[:width]
        ended += [f for f in best if f[1][-1] == eos]
        beam = [f for f in best if f[1][-1] != eos]
    return max((total / (len(ids) - len(prompt)) ** penalty, ids) for total, ids in ended + beam)
