"""The glossary: its words, its links, and what the filter finds."""

import re

import pytest

from pages.glossary.model import glossary
from pages.shared import menu
from tests.pages.conftest import ROOT

PAGE = "pages/glossary/page.py"
TERMS = glossary.terms()
ASKED_FOR = """
token, id, vocabulary, BPE, unigram, embedding, position, dot product, cosine, scaled dot product, d_model, d_k,
d_v, d_ff, n_heads, query, key, value, scores, mask, softmax, temperature, entropy, weights, context vector, head,
concatenate, output projection, grouped-query, multi-query, residual stream, layer norm, MLP, GELU, logits, LM
head, log-probability, perplexity, greedy, top-k, top-p, min-p, beam search, KV cache, cross-attention, encoder,
decoder, SOS, EOS, teacher forcing, cross-entropy, label smoothing, learning rate, warm-up, RNN, LSTM, bottleneck,
parameters, FLOPs, sinusoidal, rotary, ALiBi, BLEU, logit lens
"""


def linked(app) -> list[str]:
    return [node.proto.page for node in app.main if node.type == "page_link"]


def names(app) -> list[str]:
    found = (re.match(r"\*\*(.+?)\*\* &ensp;", text.value) for text in app.markdown)
    return [name[1] for name in found if name]


def test_every_term_names_pages_that_exist():
    slugs = {path.parent.name for path in ROOT.glob("pages/*/page.py")}
    named = {slug for term in TERMS for slug in term.shown}
    assert named <= slugs


def test_every_page_of_the_menu_is_linked_by_a_term():
    named = {slug for term in TERMS for slug in term.shown}
    assert {entry.slug for held in menu.lessons().values() for entry in held} <= named


@pytest.mark.parametrize("name", " ".join(ASKED_FOR.split()).split(", "))
def test_a_term_that_a_page_uses_is_explained_first_of_what_is_found(name):
    found = glossary.find(TERMS, name)
    assert found and name.casefold() in (f"{found[0].name} {found[0].meaning}").casefold()


def test_terms_are_in_order_and_each_once():
    found = [term.name for term in TERMS]
    assert found == sorted(found, key=str.casefold) and len({name.casefold() for name in found}) == len(found) > 90
    assert sum(map(len, glossary.letters(TERMS).values())) == len(found)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_is_said_in_a_few_short_sentences(term):
    assert 5 < len(term.meaning.split()) < 65 and term.meaning.endswith((".", ").", "”."))
    assert term.symbol.count("$") % 2 == 0 and term.meaning.count("$") % 2 == 0


def test_a_term_without_meaning_or_page_is_refused():
    read = glossary.read("Key", "symbol: $k$\nshown: a, b\nIt is found.")
    assert read == ("Key", "$k$", "", ("a", "b"), "It is found.")
    for text in ("symbol: $k$\nIt is found.", "shown: a\n"):
        with pytest.raises(ValueError, match="'Key' needs a line"):
            glossary.read("Key", text)


def test_symbols_are_found_however_they_are_typed():
    for asked in ("d_k", "D_K", "dk", "$d_k$"):
        assert glossary.find(TERMS, asked)[0].name == "d_k"
    for asked in ("θ", "theta", r"\theta"):
        assert [term.name for term in glossary.find(TERMS, asked)] == ["Repetition penalty", "Rotary position"]
    assert "Layer norm" in [term.name for term in glossary.find(TERMS, "√ σ")]
    assert "Softmax" in [term.name for term in glossary.find(TERMS, "∑")]
    assert glossary.find(TERMS, "kv cache")[0].name == "KV cache"
    assert glossary.find(TERMS, "no such thing") == []


def test_the_page_shows_all_terms_each_with_its_page(open_page):
    app = open_page(PAGE)
    assert not app.exception and names(app) == [term.name for term in TERMS]
    shown = [term for term in TERMS if any(map(menu.find, term.shown))]
    assert len([slug for slug in linked(app) if menu.find(slug)]) >= len(shown)
    assert len(shown) > 60


def test_the_filter_leaves_what_was_asked_for_and_may_stand_in_a_link(open_page):
    app = open_page(PAGE)
    app.text_input[0].set_value("warm-up").run()
    assert names(app)[0] == "Warm-up" and f"of {len(TERMS)} terms" in app.caption[0].value
    assert names(open_page(PAGE, glossary_find="cosine"))[0] == "Cosine similarity"
    app.text_input[0].set_value("<b>*zzz").run()
    assert names(app) == [] and "\\*zzz" in app.info[0].value and not app.exception
