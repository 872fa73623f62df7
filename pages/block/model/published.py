"""Known models: their shapes, and the parameter counts that their authors give."""

from typing import NamedTuple

from core.costs import Size


class Published(NamedTuple):
    """A known model: its shape, the count that its authors give, and where they give it."""

    size: Size
    count: float
    source: str


PUBLISHED = {
    "Transformer base (2017)": Published(
        Size(37_000, 512, 8, 2048, 6, 6, attention_bias=False, last_norms=0),
        65e6,
        "Vaswani et al. 2017, arXiv 1706.03762, Table 3; about 37,000 joint pieces, section 5.1",
    ),
    "Transformer big (2017)": Published(
        Size(37_000, 1024, 16, 4096, 6, 6, attention_bias=False, last_norms=0),
        213e6,
        "Vaswani et al. 2017, arXiv 1706.03762, Table 3",
    ),
    "GPT-2 small": Published(
        Size(50_257, 768, 12, 3072, 12, positions=1024),
        124e6,
        "the release of the weights (github.com/openai/gpt-2), which corrects the paper's 117M",
    ),
    "GPT-3 175B": Published(
        Size(50_257, 12_288, 96, 49_152, 96, positions=2048),
        175e9,
        "Brown et al. 2020, arXiv 2005.14165, Table 2.1",
    ),
    "Llama-2 70B": Published(
        Size(32_000, 8192, 64, 28_672, 80, kv_heads=8, gated=True, norm_vectors=1, attention_bias=False,
             mlp_bias=False, tied=False),
        70e9,
        "Touvron et al. 2023, arXiv 2307.09288, Table 1; widths from the configuration of the released weights",
    ),
}  # fmt: skip
