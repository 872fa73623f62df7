"""What travels: from the link into the app, from page to page, and back into the link."""

import pytest

from pages.shared import models, state
from tests.pages.conftest import HOME, PAGES, WITH_BOX, go

OTHERS = [page for page in PAGES if page != HOME]
LINK = {"text": "The cat sat", "korean": "누구세요?", "model": "stories-100", "layer": "2", "head": "3", "digits": "4"}


def travelling(app) -> dict[str, str]:
    return {name: str(app.session_state[name]) for name in state.DEFAULTS}


def link(app) -> dict[str, str]:
    """AppTest gives a list for what Streamlit wrote, and what was set as it was set."""
    return {name: value if isinstance(value, str) else value[-1] for name, value in app.query_params.items()}


def test_a_link_restores_the_view_and_stays(open_page):
    app = open_page(**LINK)
    assert travelling(app) == LINK == link(app)
    assert app.text_input(key="text").value == LINK["text"]
    assert app.selectbox(key="model").value == LINK["model"]
    assert not app.warning


def test_the_defaults_are_not_in_the_link(open_page):
    app = open_page(**{name: str(default) for name, default in state.DEFAULTS.items()})
    assert link(app) == {}
    assert not app.warning


@pytest.mark.parametrize("page", WITH_BOX)
def test_what_is_typed_goes_into_the_link(page, open_page):
    app = open_page(page, **WITH_BOX[page])
    app.text_input(key="text").set_value("A small dog").run()
    assert link(app)["text"] == "A small dog"
    app.text_input(key="text").set_value(state.DEFAULT_TEXT).run()
    assert "text" not in link(app)


def test_a_long_text_is_cut_in_the_link_only(open_page):
    app = open_page()
    app.text_input(key="text").set_value("word " * 1000).run()
    assert link(app)["text"] == ("word " * 1000)[: state.LONGEST_LINK]
    assert app.session_state["text"] == "word " * 1000


@pytest.mark.parametrize("page", OTHERS)
def test_the_example_survives_a_change_of_page(page, open_page):
    app = open_page(**LINK)
    app.text_input(key="text").set_value("A small dog").run()
    expected = LINK | {"text": "A small dog"}
    for step in (page, HOME, page):
        go(app, step)
        assert not app.exception
        assert all(box.value == expected["text"] for box in app.text_input if box.key == "text")
        assert travelling(app) == expected
        assert {name: link(app).get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("model", "gpt-9"),
        ("model", ""),
        ("layer", "0"),
        ("layer", "-1"),
        ("layer", "two"),
        ("layer", "²"),
        ("layer", "1e3"),
        ("layer", "9" * 5000),
        ("layer", "99"),
        ("head", "1.5"),
        ("head", "999"),
    ],
)
def test_nonsense_in_a_link_is_said_once_and_the_default_shown(name, raw, open_page):
    app = open_page(**{name: raw})
    assert not app.exception
    assert [raw[:40] in warning.value.replace("\\", "") for warning in app.warning] == [True]
    assert travelling(app) == {name: str(default) for name, default in state.DEFAULTS.items()}
    assert link(app) == {}
    app.run()
    assert not app.warning


def test_each_bad_value_gets_its_own_sentence(open_page):
    app = open_page(model="gpt-9", layer="x", head="y", text="The cat sat")
    assert len(app.warning) == 3
    assert travelling(app) == {name: str(default) for name, default in state.DEFAULTS.items()} | {"text": "The cat sat"}


def test_what_a_link_says_is_shown_as_text(open_page):
    """A link comes from anyone: it must not bring Markdown, such as a picture or a link, onto the page."""
    app = open_page(model="![x](http://example.org/x.png)")
    assert "\\!\\[x\\]\\(" in app.warning[0].value


@pytest.mark.parametrize("name", list(models.MODELS))
def test_every_model_of_the_menu_opens(name, open_page):
    app = open_page(model=name)
    assert not app.exception
    assert [*app.error, *app.warning] == []


def test_what_is_shown_is_in_the_link(open_page):
    page, size = "pages/masking/page.py", {"masking_kind": "None"}
    app = open_page(page, **size)
    assert len(app.get("vega_lite_chart")) == 2
    app.button(key="masking_predict_show").click().run()
    assert link(app) == size | {"masking_predict_shown": "true"}
    other = open_page(page, **link(app))
    assert not other.warning
    assert [c.proto.alt for c in other.get("vega_lite_chart")] == [c.proto.alt for c in app.get("vega_lite_chart")]
    assert len(other.get("vega_lite_chart")) == 3


def test_another_question_is_asked_afresh(open_page):
    app = open_page("pages/masking/page.py", masking_predict_shown="true")
    assert len(app.get("vega_lite_chart")) == 3
    box = app.selectbox(key="masking_replaced")
    box.set_value(box.options[0]).run()
    assert len(app.get("vega_lite_chart")) == 2 and "masking_predict_shown" not in link(app)


def test_nothing_else_can_be_asked_of_a_prediction(open_page):
    app = open_page("pages/masking/page.py", masking_predict_shown="perhaps")
    assert len(app.get("vega_lite_chart")) == 2
    assert "“perhaps”" in app.warning[0].value and "masking_predict_shown" not in link(app)


INSIDE, MASKING, TRAINING = (f"pages/{slug}/page.py" for slug in ("inside", "masking", "training"))
GRADIENT = {"training_part": "Rate and gradient"}
OLD = {"text": "Once upon a time there was"}
NEW = {"text": "The dog ran home today"}
GONE = [  # the page, the choice, the link, and what takes the choice away
    (INSIDE, "inside_token", {"inside_token": "2 upon", **OLD}, NEW),
    (MASKING, "masking_row", {"masking_example": "Your sentence", "masking_row": "4 there", **OLD}, NEW),
    (MASKING, "masking_replaced", {"masking_example": "Your sentence", "masking_replaced": "1 upon", **OLD}, NEW),
    (MASKING, "masking_token", {"masking_size": "Small model", "masking_token": "2 upon", **OLD}, NEW),
    ("pages/self_attention/page.py", "self_attention_word",
     {"self_attention_example": "Your sentence", "self_attention_word": "2 a", **OLD}, NEW),
    ("pages/decoding/page.py", "decoding_layer", {"decoding_closer": "KV cache",
     "decoding_layer": "4", "layer": "1"}, {"decoding_task": "translate"}),
    (TRAINING, "training_row", GRADIENT | {"training_matrix": "embedding.tokens", "training_row": "14"},
     {"training_matrix": "blocks.0.attention.w_o"}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "key", "begun", "change"), GONE, ids=[gone[1] for gone in GONE])
def test_a_choice_that_is_gone_is_gone_from_the_link(page, key, begun, change, open_page):
    app = open_page(page, **begun)
    assert not app.warning and link(app)[key] == begun[key]
    for name, value in change.items():
        app.get_by_key(name).set_value(value).run()
    assert not app.exception
    other = open_page(page, **link(app))
    assert not other.warning and other.session_state[key] == app.session_state[key]
    assert link(app).get(key) != begun[key]


@pytest.mark.parametrize(
    ("page", "key"),
    [
        (MASKING, "masking_kind"),
        (MASKING, "masking_example"),
        ("pages/self_attention/page.py", "self_attention_other"),
        ("pages/multi_head/page.py", "multi_head_model"),
        ("pages/decoding/page.py", "decoding_task"),
        (TRAINING, "training_part"),
    ],
)
def test_an_empty_choice_in_a_link_is_the_usual_one(page, key, open_page):
    app = open_page(page, **{key: ""})
    assert not app.exception and len(app.warning) == 1
    assert app.session_state[key] == open_page(page).session_state[key]
    assert key not in link(app)


@pytest.mark.parametrize(
    ("page", "box", "typed"),
    [
        ("pages/encoder_decoder/page.py", "korean", ""),
        ("pages/encoder_decoder/page.py", "korean", "no Korean"),
        ("pages/self_attention/page.py", "text", "   "),
    ],
)
def test_a_page_that_ends_early_leaves_the_link_as_the_boxes_are(open_page, page, box, typed):
    start = {"korean": "내일 비가 와요.", "text": "A dog ran", "self_attention_example": "Your sentence"}
    app = open_page(page, **start)
    assert link(app)[box] == start[box]
    app.text_input(key=box).set_value(typed).run()
    assert not app.exception and len(app.error) == 1
    assert link(app)[box] == typed
    again = open_page(page, **link(app))
    assert [error.value for error in again.error] == [error.value for error in app.error]
    assert again.text_input(key=box).value == typed


def test_a_link_of_thousands_of_odd_edits_names_three_and_counts_the_others(open_page):
    """As many warnings as parts would keep everybody waiting for seconds."""
    app = open_page("pages/self_attention/page.py", self_attention_edits=";".join(f"z{i}" for i in range(20_000)))
    assert not app.exception
    assert [f"“z{i}”" in warning.value for i, warning in enumerate(app.warning[:3])] == [True] * 3
    assert [warning.value for warning in app.warning[3:]] == [
        "The link asks for 19,997 more changes that do not exist here."
    ]
