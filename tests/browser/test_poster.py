"""The poster in a real browser, mounted in a small script of its own: does it show the trace's numbers?"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import torch

pytest.importorskip("playwright", reason="these tests need a browser: pip install -r tests/requirements.txt")

from playwright.sync_api import Locator, Page, expect

from core.config import Config
from core.traces import DecoderTrace
from core.transformer import build
from pages.home import poster as shared
from pages.home.model.poster import poster
from tests.browser.conftest import Visit
from tests.server import ROOT, serve

CONFIG = Config(vocab=41, d_model=24, n_heads=3, n_layers=4, d_ff=29, context=64)
EVIL = "<img src=x onerror=throw(1)>"
SCRIPT = """
import streamlit as st
from pages.home import poster as shared
from tests.browser.test_poster import data
st.session_state.setdefault("layer", 2)
st.session_state.setdefault("head", 1)
st.title("The poster")
t = int(st.query_params.get("t", 6))
opened = shared.show(data(t, st.session_state.layer - 1, st.session_state.head - 1), key="p")
st.text(f"layer {st.session_state.layer} head {st.session_state.head} opened {opened and tuple(opened)}")
"""


def labels(t: int) -> list[str]:
    return [f"{i} {EVIL if i == 3 else f'word{i}'}" for i in range(t)]


def trace(t: int) -> DecoderTrace:
    """Random weights, large enough that heads prefer some tokens; the same in the script and in the tests."""
    chance = torch.Generator().manual_seed(7)
    model = build(CONFIG, chance).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(9 if parameter.dim() == 2 else 1)
        return model(torch.randint(CONFIG.vocab, (1, t), generator=chance))


def data(t: int, layer: int, head: int) -> dict:
    return poster(trace(t), labels(t), lambda i: f"next{i}", layer, head, text=f"A sentence with {EVIL} in it")


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    script: Path = tmp_path_factory.mktemp("poster") / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with serve(script) as server:
        yield server.address


@pytest.fixture
def person(browser, address) -> Iterator[Callable[..., Page]]:
    """`person("?t=25", ...)`: somebody opens the page; in the end nothing went wrong and nothing left the machine."""
    came: list[Visit] = []

    def come(link: str = "", **how) -> Page:
        came.append(Visit(browser, address, **how))
        page = came[-1].open(link)
        page.locator(".scroller svg").wait_for()
        return page

    yield come
    for one in came:
        one.context.close()
        assert one.errors == [] and one.outside == set()


def point(page: Page, column: str, row: int, cell: int, d: int, lines: int = 1) -> None:
    """The pointer goes to one cell of a strip: the row's `cell` of `d`, folded into so many lines."""
    strip = page.locator(f'image[data-column="{column}"]').nth(row)
    box, across = strip.bounding_box(), -(-d // lines)
    x, y = box["width"] * (cell % across + 0.5) / across, box["height"] * (cell // across + 0.5) / lines
    page.mouse.move(box["x"] + x, box["y"] + y)


def tip(page: Page) -> tuple[float, str]:
    expect(page.locator(".tip")).to_be_visible()
    return number(page.locator(".tip b").inner_text()), page.locator(".tip span").inner_text()


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("%", ""))


def near(x: float):
    """The number with the three figures that are shown of it; float16 may turn the last one."""
    return pytest.approx(x, rel=6e-3, abs=8e-4)


def token(page: Page, row: int) -> Locator:
    return page.locator(f'[data-row="{row}"]')


def heights(page: Page, kind: str) -> list[float]:
    """How high the bands are, read from their outlines."""
    paths = [path.get_attribute("d") for path in page.locator(f".{kind} path").all()]
    return [abs(float(d.split("Z")[0].split()[-1]) - float(re.match(r"M\S+ ([-\d.]+)", d)[1])) for d in paths]


def test_pointing_at_a_strip_shows_the_traces_number(person):
    page, run = person(), trace(6)
    block = run.blocks[1]
    heads = block.attention.heads
    columns = {
        "vectors": (run.embedding.output[0], 1, "vectors"),
        "stream1": (run.blocks[0].resid_post[0], 2, "stream after layer 1"),
        "q": (heads.q[0, 0], 1, "queries"),
        "k": (heads.k[0, 0], 1, "keys"),
        "v": (heads.v[0, 0], 1, "values"),
        "output": (heads.output[0, 0], 1, "head output"),
        "attention": (block.attention.output[0], 1, "what all heads add"),
        "mlp": (block.mlp.output[0], 1, "what the MLP adds"),
        "stream2": (block.resid_post[0], 2, "stream after layer 2"),
        "stream4": (run.blocks[3].resid_post[0], 2, "stream after layer 4"),
    }
    for column, (values, lines, name) in columns.items():
        d = values.shape[1]
        for row, cell in ((0, 0), (3, d // 2 + 1), (5, d - 1)):
            point(page, column, row, cell, d, lines)
            value, about = tip(page)
            expected = values[row, cell].item()
            assert value == near(expected)
            assert about == f"{labels(6)[row]} · {name} · number {cell + 1} of {d}"


def test_pointing_at_the_matrix_and_at_what_comes_next(person):
    page, run = person(), trace(6)
    weights = run.blocks[1].attention.heads.weights[0, 0]
    box = page.locator(".outline").bounding_box()  # round the last row
    first = page.locator('image[data-column="q"]').nth(0).bounding_box()
    last = page.locator('image[data-column="q"]').nth(5).bounding_box()
    for row, key in ((5, 0), (4, 2), (2, 2)):
        y = first["y"] + first["height"] / 2 + row * (last["y"] - first["y"]) / 5
        page.mouse.move(box["x"] + box["width"] * (key + 0.5) / 6, y)
        value, about = tip(page)
        assert value == pytest.approx(weights[row, key].item(), abs=6e-4)
        assert about.startswith(f"{labels(6)[row]} looks at {labels(6)[key]}: ")
    page.mouse.move(box["x"] + box["width"] * 0.9, first["y"] + 5)
    expect(page.locator(".tip b")).to_have_text("−∞")
    expect(page.locator(".tip span")).to_have_text("0 word0 must not look at 5 word5: masked, weight 0")

    token(page, 2).click()  # keeps it, while the pointer goes to the bars
    probs = run.logits[0, 2].softmax(-1).sort(descending=True)
    tracks = page.locator(".track")
    assert tracks.count() == 11
    for i in (0, 4, 9):
        tracks.nth(i).hover(force=True)
        value, about = tip(page)
        assert value == pytest.approx(100 * probs.values[i].item(), abs=6e-3)
        assert about == f"the probability that next{probs.indices[i]} comes after 2 word2"
    tracks.nth(10).hover(force=True)
    assert tip(page) == (pytest.approx(100 * probs.values[10:].sum().item(), abs=6e-3), "31 others together")


def test_following_a_token_draws_what_it_looks_at_by_weight(person):
    page, run = person(), trace(6)
    weights = run.blocks[1].attention.heads.weights[0, 0]
    assert token(page, 5).get_attribute("aria-selected") == "true"  # by itself, the last one is followed
    for row in (3, 0, 5):
        token(page, row).hover()
        assert token(page, row).get_attribute("aria-selected") == "true"
        strip = float(page.locator(".strip").first.get_attribute("height"))
        expected = weights[row, : row + 1] * strip
        assert heights(page, "mixed") == pytest.approx(expected.tolist(), abs=0.02)
        assert sum(heights(page, "mixed")) == pytest.approx(strip, abs=0.1)
        assert sum(heights(page, "told")) == pytest.approx(strip, abs=0.1)
    page.mouse.move(5, 5)
    assert token(page, 5).get_attribute("aria-selected") == "true"
    assert page.locator(".scroller img").count() == 0  # a token's text is text


def test_stepping_keeps_the_focus_and_tells_the_page(person):
    page = person()
    following = page.get_by_role("button", name="Next layer")
    following.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Layer 4 of 4", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stText")).to_have_text("layer 4 head 1 opened None")
    expect(page.get_by_role("button", name="Layer 4 · attention, head 1 of 3: open the lesson")).to_be_visible()
    expect(following).to_be_focused()
    expect(following).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next head").click()
    expect(page.get_by_test_id("stText")).to_have_text("layer 4 head 2 opened None")
    expected = trace(6).blocks[3].attention.heads.v[0, 1, 2, 3].item()
    expect(page.get_by_role("button", name=re.compile("^Layer 4 · attention, head 2 of 3"))).to_be_visible()
    point(page, "v", 2, 3, 8)
    assert tip(page)[0] == near(expected)


def test_every_part_opens_its_lesson(person):
    page = person()
    attention = "Layer 2 · attention, head 1 of 3"
    names = ["Tokens", "Vectors", "Layer 1", attention, "Heads", "MLP", "Layers 3–4", "Next token"]
    parts = ["tokens", "embedding", "blocks", "attention", "heads", "mlp", "blocks", "next"]
    layers = [1, 1, 0, 1, 1, 1, 2, 1]  # from 0; "Layer 1" and "Layers 3–4" open there
    for i, (name, part, layer) in enumerate(zip(names, parts, layers, strict=True)):
        button = page.get_by_role("button", name=f"{name}: open the lesson", exact=True)
        button.click() if i % 2 else button.press("Enter")
        expect(page.get_by_test_id("stText")).to_have_text(f"layer 2 head 1 opened ('{part}', {layer}, 0)")
    assert set(parts) == shared.LESSONS.keys()


def test_a_part_opens_its_lesson_with_the_sentence_in_the_model_at_its_layer_and_head(visit):
    one = visit()
    for name, slug, size, said in (
        ("Layer 3 · attention, head 2 of 6", "self_attention", "Small model", "Layer 3, head 2 of the story model"),
        ("Layers 1–2", "block", "Small model", "The story model, layer 1 of 4"),
        ("Heads", "multi_head", "Small model", "3 · Layer 3: concatenate"),
        ("Vectors", "embeddings", "Story model", "Rows that the story model learned"),
    ):
        page = one.open("?text=The+dog+ran&layer=3&head=2")
        page.get_by_role("button", name=f"{name}: open the lesson", exact=True).click()
        page.wait_for_url(re.compile(f"/{slug}\\?"))
        one.settle()
        link = parse_qs(urlsplit(page.url).query)
        assert link[f"{slug}_size"] == [size] and link["text"] == ["The dog ran"] and link["head"] == ["2"]
        expect(page.get_by_test_id("stMain")).to_contain_text(said)
        assert page.get_by_test_id("stAlert").count() == 0
    assert not one.errors


def test_the_keyboard_reaches_every_number(person):
    page, run = person(), trace(6)
    page.get_by_role("button", name=re.compile("^Next token")).focus()
    page.keyboard.press("Tab")
    expect(token(page, 5)).to_be_focused()  # one stop for all tokens
    page.keyboard.press("ArrowUp")
    expect(token(page, 4)).to_be_focused()
    assert "looks most at" in token(page, 4).get_attribute("aria-label")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert tip(page)[0] == near(run.embedding.output[0, 4, 2].item())
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    assert tip(page)[0] == near(run.blocks[1].attention.heads.q[0, 0, 4, 0].item())
    page.keyboard.press("ArrowDown")
    expected = run.blocks[1].attention.heads.q[0, 0, 5, 0].item()
    assert tip(page)[0] == near(expected)
    assert page.locator(".spoken").inner_text().startswith(page.locator(".tip b").inner_text())
    page.keyboard.press("ArrowLeft")  # the last number of the column before
    assert tip(page)[0] == near(run.blocks[0].resid_post[0, 5, 23].item())
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()


def test_it_says_in_words_what_it_shows(person):
    page, run = person(), trace(6)
    weights, probs = run.blocks[1].attention.heads.weights[0, 0, 5], run.logits[0, 5].softmax(-1)
    said = page.get_by_role("figure").get_attribute("aria-label")
    assert said.startswith(f"“A sentence with {EVIL} in it” in a Transformer, layer 2 of 4, head 1 of 3. Token 5 word5")
    assert f"looks most at {labels(6)[weights.argmax()]}, {share(weights.max().item())}." in said
    assert said.endswith(f"next{probs.argmax()}, {share(probs.max().item())}.")


def share(p: float) -> str:
    whole = 0.0995 <= p < 0.995 or p == 1
    return (f"{100 * p:.0f}" if whole else ">99.9" if p >= 0.9995 else f"{100 * p:.1f}") + "%"


def test_of_a_long_text_the_last_tokens_are_drawn_and_the_others_told(person):
    page, run = person("?t=33"), trace(33)
    expect(page.locator(".token")).to_have_count(20)
    expect(page.get_by_text("… 13 before", exact=True)).to_be_visible()
    hidden = run.blocks[1].attention.heads.weights[0, 0, -1, :13].sum().item()
    token(page, 19).focus()
    for _ in range(5):  # vectors, layer 1, queries, keys, matrix
        page.keyboard.press("Shift+ArrowRight")
    value, about = tip(page)
    assert value == pytest.approx(hidden, abs=6e-4) and "looks at the 13 tokens before: " in about
    strip = float(page.locator(".strip").first.get_attribute("height"))
    assert heights(page, "mixed")[0] == pytest.approx(hidden * strip, abs=0.02)
    assert sum(heights(page, "mixed")) == pytest.approx(strip, abs=0.1)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_saved_picture_stands_by_itself(person, kind):
    page = person(color_scheme="dark")
    with page.expect_download() as saving:
        page.get_by_role("button", name=f"Save picture as {kind.upper()}").click()
    saved = Path(saving.value.path()).read_bytes()
    assert saving.value.suggested_filename == f"attention-lab-layer-2-head-1.{kind}"
    if kind == "png":
        width, height = (int.from_bytes(saved[at : at + 4], "big") for at in (16, 20))
        assert saved.startswith(b"\x89PNG") and width == 2 * (1180 + 80) and 1000 < height < width
        return
    root = ElementTree.fromstring(saved)
    words = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0] == f"A sentence with {EVIL} in it" and "Attention Lab" in words
    links = re.findall(r'(?:href="|url\()([^")]+)', saved.decode())
    assert links and all(link.startswith(("data:", "#")) for link in links)
    assert b"@font-face" in saved and b"var(--" not in saved


def test_on_a_phone_it_scrolls_by_itself_and_the_tokens_stay(person):
    page = person(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    scroller = page.locator(".scroller")
    before = token(page, 2).bounding_box()["x"]
    scroller.evaluate("scroller => scroller.scrollLeft = 300")
    page.wait_for_timeout(200)
    assert token(page, 2).bounding_box()["x"] == pytest.approx(before, abs=1)
    page.locator('image[data-column="v"]').nth(1).tap()
    expect(page.locator(".tip")).to_be_visible()
    box = page.locator(".tip").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_it_fades_out_where_there_is_more_to_the_right(person):
    scroller = person(viewport={"width": 600, "height": 768}).locator(".scroller")
    expect(scroller).to_contain_class("more")
    scroller.evaluate("scroller => scroller.scrollLeft = scroller.scrollWidth")
    expect(scroller).not_to_contain_class("more")


def test_nothing_moves_for_those_who_want_it_still(person):
    def moving(page: Page) -> str:
        return page.locator(".flows").first.evaluate("flows => getComputedStyle(flows).animationName")

    assert moving(person(reduced_motion="no-preference")) == "flow"
    assert moving(person(reduced_motion="reduce")) == "none"


def test_every_word_that_the_picture_says_exists():
    scripts = "".join(path.read_text() for path in (ROOT / "assets/components/poster").glob("*.*"))
    asked = set(re.findall(r"words\.(\w+)", scripts)) | set(re.findall(r'data-(?:word|label)="(\w+)"', scripts))
    built = {f"{column}_short" for column in ("q", "k", "v", "output")} | {"layer", "head", "stream"}
    built |= {f"{column}_long" for column in ("vectors", "q", "k", "v", "output", "attention", "mlp")}
    assert asked | built == shared.WORDS.keys()


def test_every_key_has_its_name_while_columns_are_wide_enough_to_read_it(person):
    names = set(person("?t=12").locator(".keys text").all_text_contents())
    assert len(names) == 12 and names >= set(labels(12)[:3])
    few = person("?t=40", viewport={"width": 390, "height": 800}).locator(".keys text")
    assert 0 < few.count() <= 21


def test_strips_go_on_in_the_colours_of_their_parts(person):
    page = person()
    for part in ("q", "k", "v", "output"):
        assert page.locator(f'rect[fill="url(#flow-{part})"]').count() == 6
