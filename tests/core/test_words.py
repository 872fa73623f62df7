"""The word vectors: what ships, what is asked of them, and that the recipe gives the same file again."""

import hashlib
import json
import subprocess
import sys
import time
import zipfile

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from safetensors.numpy import save as save_tensors

from core import words
from core.recipes import words as words_recipe
from core.words import FOLDER, UnknownWord, WordsError, analogy, axis, neighbours, pca_plane, pull
from tests import reference

LESSONS = """
apple orange phone fruit fruits mac iphone cherry banana technology computer laptop king queen man woman nurse doctor
she he her him love statistics you dog cat bites man boy girl prince princess paris france rome italy big bigger small
smaller walk walked music bank river money hi how are you and an a the i
"""
HAND = np.array([[0.0, 3], [2, 2], [4, 0], [1, 4]])  # orange, apple, phone, cherry on (technology, fruit)
NUMBERS = st.floats(-100, 100, allow_nan=False)


@pytest.fixture(scope="module")
def shipped():
    return words.load()


@pytest.fixture
def tiny():
    """Five words on two axes, one of them the zero vector."""
    names = ["orange", "apple", "phone", "cherry", "nothing"]
    return words.freeze(names, np.vstack([HAND, [0, 0]]), [0.75, 0.25])


# What ships


def test_shipped_vectors(shipped):
    assert 5_000 <= len(shipped.words) <= 10_000
    assert shipped.vectors.shape == (len(shipped.words), 64) and shipped.vectors.dtype == np.float64
    assert np.isfinite(shipped.vectors).all() and shipped.vectors.any(1).all()
    assert all(word.isascii() and word.isalpha() and word.islower() for word in shipped.words)
    assert (np.diff(shipped.explained) <= 0).all() and 0 < shipped.explained.sum() < 1
    assert sum(f.stat().st_size for f in FOLDER.iterdir()) < 2_000_000


def test_lessons_find_their_words(shipped):
    assert [w for w in LESSONS.split() if w not in shipped] == []


def test_left_out_words_are_out_and_added_words_are_in(shipped):
    left_out, added = (words_recipe.read_list(FOLDER / name) for name in ("left_out.txt", "added.txt"))
    assert len(left_out) > 50 and not set(left_out) & set(shipped.words)
    assert len(added) > 200 and set(added) <= set(shipped.words)
    assert {w for w in shipped.words if len(w) == 1} == {"a", "i"}


def test_vectors_are_centred_and_of_mean_square_one(shipped):
    np.testing.assert_allclose(shipped.vectors.mean(0), 0, atol=1e-3)
    np.testing.assert_allclose((shipped.vectors**2).mean(), 1, atol=1e-3)
    covariance = np.cov(shipped.vectors.T)
    np.testing.assert_allclose(covariance - np.diag(np.diag(covariance)), 0, atol=1e-3)  # principal axes do not covary


def test_card_tells_what_is_measured_now(shipped):
    measured = json.loads((FOLDER / "measured.json").read_text())
    assert measured["shipped"] == words_recipe.measure(shipped)
    assert words_recipe.report(measured) in (FOLDER / "card.md").read_text()


def test_queen_and_apple(shipped):
    assert analogy(shipped, "king", "man", "woman", 1)[0].word == "queen"
    assert {"mac", "fruit", "iphone", "fruits"} <= {n.word for n in neighbours(shipped, "apple", 8)}


def test_loading_is_fast(shipped):
    def seconds():
        start = time.perf_counter()
        words.load()
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.02


def test_vectors_are_read_only(shipped):
    with pytest.raises(ValueError, match="read-only"):
        shipped.vectors[0, 0] = 1


def test_torch_is_not_needed():
    code = (
        "import sys; from core import words; words.neighbours(words.load(), 'apple'); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=FOLDER.parents[2])


# Words that are known and words that are not


def test_rows_are_the_words_in_order_and_may_repeat(shipped):
    rows = shipped.rows(["cat", "Dog", " cat "])
    expected = shipped.vectors[[shipped.words.index(w) for w in ("cat", "dog", "cat")]]
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_array_equal(shipped.vector("cat"), rows[0])
    assert shipped.rows([]).shape == (0, 64)


def test_unknown_words_are_named_with_known_ones(shipped):
    with pytest.raises(UnknownWord) as caught:
        shipped.rows(["apple", "bannana", "qqqqqqq"])
    assert caught.value.unknown["bannana"][0] == "banana" and caught.value.unknown["qqqqqqq"] == []
    sentence = str(caught.value)
    assert "“bannana” (did you mean banana or " in sentence and "“qqqqqqq” are not among the" in sentence


@pytest.mark.parametrize(
    "ask",
    [
        lambda v: v.vector("xylofone"),
        lambda v: neighbours(v, "xylofone"),
        lambda v: analogy(v, "king", "xylofone", "woman"),
        lambda v: axis(v, ["fruit"], ["xylofone"]),
        lambda v: v.vector(""),
    ],
)
def test_every_question_refuses_an_unknown_word(shipped, ask):
    with pytest.raises(UnknownWord, match="is not among the"):
        ask(shipped)


def test_words_spelled_alike(shipped):
    assert shipped.alike(" Bannana ", 1) == ["banana"] and shipped.alike("iphne")[0] == "iphone"
    assert shipped.alike("qqqqqqq") == shipped.alike("") == []


def test_sort_out_a_text(shipped):
    known, unknown = shipped.sort_out("An APPLE, a phone -- and a xylofone! Don't you? 3")
    assert known == ["an", "apple", "a", "phone", "and", "a", "you"]
    assert list(unknown) == ["xylofone", "don't", "3"]
    assert shipped.sort_out("") == ([], {})


# Neighbours, against plain NumPy


@pytest.mark.parametrize("kind", words.KINDS)
@pytest.mark.parametrize("word", ["apple", "bank", "the"])
def test_neighbours_are_plain_numpys(shipped, kind, word):
    scores = reference.similarity(shipped.vectors, shipped.vector(word)[None], kind)[:, 0]
    order = [i for i in reference.by_size(scores) if shipped.words[i] != word][:13]
    found = neighbours(shipped, word, 13, kind)
    assert [n.word for n in found] == [shipped.words[i] for i in order]
    np.testing.assert_allclose([n.score for n in found], scores[order], rtol=1e-12)


def test_neighbours_of_a_vector_leave_out_what_is_asked(shipped):
    vector = shipped.vector("apple")
    assert neighbours(shipped, vector, 1)[0].word == "apple"
    assert neighbours(shipped, vector, 5, leave_out=["Apple"]) == neighbours(shipped, "apple", 5)


@pytest.mark.parametrize(("n", "expected"), [(0, 0), (-3, 0), (2, 2), (10**9, 4)])
def test_number_of_neighbours(tiny, n, expected):
    assert len(neighbours(tiny, "apple", n)) == expected


def test_neighbours_by_hand(tiny):
    assert neighbours(tiny, "apple", 4, "dot") == [("cherry", 10), ("phone", 8), ("orange", 6), ("nothing", 0)]
    cosine = dict(neighbours(tiny, "apple", 4))
    assert cosine["phone"] == pytest.approx(0.5**0.5) and cosine["cherry"] == pytest.approx(10 / 136**0.5)


def test_zero_vector_under_cosine_is_like_nothing(tiny):
    assert neighbours(tiny, "nothing", 9) == [("orange", 0), ("apple", 0), ("phone", 0), ("cherry", 0)]
    assert dict(neighbours(tiny, "apple", 9))["nothing"] == 0


def test_equal_scores_keep_the_order_of_the_words():
    names = [f"word{i}" for i in range(300)]
    vectors = words.freeze(names, [[i % 3] for i in range(300)], [1.0])
    assert [n.word for n in neighbours(vectors, np.ones(1), 300, "dot")] == names[2::3] + names[1::3] + names[::3]


@given(arrays(np.float64, 64, elements=st.floats(-1e150, 1e150)))
def test_cosine_stays_between_minus_one_and_one(shipped, x):
    scores = words.similarity(shipped, x)
    assert np.isfinite(scores).all() and np.abs(scores).max() <= 1 + 1e-12


@pytest.mark.parametrize(
    ("x", "kind", "sentence"),
    [
        ([1, 2, 3], "cosine", "a vector here has 2 numbers"),
        ([1, np.nan], "cosine", "finite"),
        ([1, np.inf], "dot", "finite"),
        ([1e308, 1e308], "dot", "finite"),
        (["a", "b"], "dot", "must be a number"),
        ([1, 2], "euclid", "must be one of dot, cosine, scaled_dot"),
    ],
)
def test_vectors_that_cannot_be_compared(tiny, x, kind, sentence):
    with pytest.raises(WordsError, match=sentence):
        neighbours(tiny, np.array(x), 1, kind)


# Analogies and axes


def test_analogy_is_a_sum_of_unit_vectors(shipped):
    units = shipped.vectors / np.linalg.norm(shipped.vectors, axis=1, keepdims=True)
    x = np.array([1, -1, 1]) @ units[[shipped.index[w] for w in ("walked", "walk", "talk")]]
    scores = units @ x / np.linalg.norm(x)
    scores[[shipped.index[w] for w in ("walked", "walk", "talk")]] = -2
    best = analogy(shipped, "walked", "walk", "talk", 1)[0]
    assert best.word == shipped.words[scores.argmax()] == "talked" and best.score == pytest.approx(scores.max())


def test_analogy_with_the_same_word_twice(shipped):
    """a − a + c is c: what is left are the neighbours of c, without a."""
    got, expected = analogy(shipped, "cat", "cat", "dog", 5), neighbours(shipped, "dog", 5, leave_out=["cat"])
    assert [n.word for n in got] == [n.word for n in expected]
    assert [n.score for n in got] == pytest.approx([n.score for n in expected])


def test_named_axes(shipped):
    fruit = axis(shipped, ["fruit", "banana", "cherry"], ["computer", "phone", "technology"])
    assert np.linalg.norm(fruit) == pytest.approx(1)
    place = {w: shipped.vector(w) @ fruit for w in ("mango", "apple", "laptop")}
    assert place["laptop"] < place["apple"] < place["mango"]
    np.testing.assert_allclose(axis(shipped, ["cat"]), words.unit(shipped.vector("cat")))


@pytest.mark.parametrize(
    ("towards", "away_from"), [([], ["cat"]), (["cat"], ["cat"]), (["cat", "dog"], ["dog", "cat"])]
)
def test_axis_needs_two_different_places(shipped, towards, away_from):
    with pytest.raises(WordsError, match="an axis needs"):
        axis(shipped, towards, away_from)


# The plane


def test_plane_is_the_best_one(shipped):
    x = shipped.rows(["apple", "orange", "phone", "computer", "cherry", "king", "queen"])
    plane = pca_plane(x)
    values, vectors = np.linalg.eigh(np.cov(x.T))
    np.testing.assert_allclose(plane.explained, values[::-1][:2] / values.sum())
    np.testing.assert_allclose(np.abs(np.sum(plane.axes * vectors.T[::-1][:2], 1)), 1)
    np.testing.assert_allclose(plane.points, (x - x.mean(0)) @ plane.axes.T)
    np.testing.assert_allclose(plane.place(x), plane.points)


@given(st.integers(1, 5).flatmap(lambda n: arrays(np.float64, (n, 3), elements=NUMBERS)))
def test_plane_of_anything_is_finite_and_the_same_again(x):
    plane = pca_plane(x)
    assert plane.points.shape == (len(x), 2) and plane.axes.shape == (2, 3) and np.isfinite(plane.points).all()
    assert -1e-12 <= plane.explained.sum() <= 1 + 1e-12 and (plane.explained >= 0).all()
    for size in np.linalg.norm(plane.axes, axis=1):
        assert size == pytest.approx(1) or size == 0
    np.testing.assert_array_equal(plane.points, pca_plane(x.copy()).points)


@pytest.mark.parametrize(
    ("x", "explained"), [([[1, 2, 3]], [0, 0]), ([[1, 2, 3]] * 4, [0, 0]), ([[1, 2], [3, 5]], [1, 0])]
)
def test_plane_of_too_few_different_words(x, explained):
    plane = pca_plane(np.array(x))
    np.testing.assert_allclose(plane.explained, explained)
    assert not plane.axes[np.array(explained) == 0].any()


def test_plane_of_one_axis_only():
    np.testing.assert_allclose(pca_plane(np.array([[1.0], [3.0]])).points, [[-1, 0], [1, 0]])


def test_plane_s_sign_does_not_hang_on_rounding():
    for tiny_step in (-1e-14, 0, 1e-14):
        points = pca_plane(np.array([[1.0, -1.0 + tiny_step], [-1.0, 1.0]])).points
        assert points[0, 0] > 0


@pytest.mark.parametrize("x", [np.zeros((0, 64)), np.zeros(3), np.full((2, 2), np.nan), np.array([[1e308], [1e308]])])
def test_plane_of_nothing_usable(x):
    with pytest.raises(WordsError):
        pca_plane(x)


# Gravity


@pytest.mark.parametrize("kind", words.KINDS)
def test_pull_is_attention_step_by_step(kind):
    trace = pull(HAND, kind, 3)
    x = HAND
    for step in trace:
        scores, weights, output = reference.attention(x, x, x, kind=kind)
        np.testing.assert_array_equal(step.before, x)
        for got, expected in zip(step[1:], (scores, weights, output), strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12)
        x = step.after


def test_apple_is_pulled_to_two_places():
    """With an orange it becomes more of a fruit, with a phone more of a gadget."""
    orange, apple, phone, _ = HAND
    beside_orange = pull(np.stack([apple, orange]), "cosine")[0].after[0]
    beside_phone = pull(np.stack([apple, phone]), "cosine")[0].after[0]
    assert beside_orange[0] < apple[0] < beside_phone[0] and beside_orange[1] > apple[1] > beside_phone[1]


def test_apple_is_pulled_to_two_places_with_the_real_vectors(shipped):
    def moved(text):
        x = shipped.rows(text.split())
        return pull(x, "cosine")[0].after[text.split().index("apple")]

    fruit = axis(shipped, ["fruit", "banana", "cherry"], ["computer", "software", "technology"])
    assert moved("apple phone") @ fruit < moved("apple orange") @ fruit


def test_half_the_way():
    whole, half = pull(HAND, "dot")[0], pull(HAND, "dot", share=0.5)[0]
    np.testing.assert_allclose(half.after, (HAND + whole.after) / 2)
    np.testing.assert_array_equal(pull(HAND, "dot", share=0)[0].after, HAND)


def test_given_weights_stay_the_same():
    weights = np.full((4, 4), 0.25)
    first, second = pull(HAND, weights, 2)
    assert first.scores is None
    np.testing.assert_allclose(first.after, np.tile(HAND.mean(0), (4, 1)))
    np.testing.assert_array_equal(second.weights, weights)


def test_a_word_alone_and_a_word_twice_stay_where_they_are():
    np.testing.assert_array_equal(pull(HAND[:1], steps=5)[-1].after, HAND[:1])
    np.testing.assert_allclose(pull(HAND[[1, 1]], steps=5)[-1].after, HAND[[1, 1]])
    assert pull(HAND, steps=0) == []


def test_zero_vector_looks_at_all_alike():
    np.testing.assert_allclose(pull(np.vstack([HAND, [0, 0]]), "cosine")[0].weights[-1], 0.2)


@given(arrays(np.float64, (4, 3), elements=NUMBERS), st.sampled_from(words.KINDS), st.floats(0, 1))
def test_words_never_leave_the_room_they_fill(x, kind, share):
    for step in pull(x, kind, 3, share=share):
        np.testing.assert_allclose(step.weights.sum(1), 1)
        assert (step.after.max(0) <= x.max(0) + 1e-9).all() and (step.after.min(0) >= x.min(0) - 1e-9).all()


def test_pull_leaves_its_input_alone():
    before = HAND.copy()
    pull(before, "dot", 2)
    np.testing.assert_array_equal(before, HAND)


@pytest.mark.parametrize(
    ("points", "how", "more"),
    [
        (np.zeros((0, 2)), "dot", {}),
        (np.zeros((2, 0)), "dot", {}),
        (np.zeros(2), "dot", {}),
        (np.full((2, 2), np.nan), "dot", {}),
        (np.full((2, 2), 1e300), "dot", {}),
        (HAND, "euclid", {}),
        (HAND, "dot", {"temperature": 0}),
        (HAND, np.eye(3), {}),
        (HAND, np.ones((4, 4)), {}),
        (HAND, np.eye(4) * 2 - 0.25, {}),
        (HAND, np.full((4, 4), np.nan), {}),
    ],
)
def test_pull_refuses_what_it_cannot_use(points, how, more):
    with pytest.raises(WordsError):
        pull(points, how, **more)


# Broken files


def copy_of_shipped(folder):
    for name in (words.FILE, words.ABOUT):
        (folder / name).write_bytes((FOLDER / name).read_bytes())


@pytest.mark.parametrize("name", [words.FILE, words.ABOUT])
def test_a_missing_file_is_named(tmp_path, name):
    copy_of_shipped(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(WordsError, match=f"not complete: {name} is missing"):
        words.load(tmp_path)


def test_an_altered_file_is_refused(tmp_path):
    copy_of_shipped(tmp_path)
    content = bytearray((tmp_path / words.FILE).read_bytes())
    content[-1] ^= 1
    (tmp_path / words.FILE).write_bytes(content)
    with pytest.raises(WordsError, match="not the file that was shipped"):
        words.load(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"sha256": 3}', "\xff"])
def test_a_record_without_a_hash_is_refused(tmp_path, text):
    copy_of_shipped(tmp_path)
    (tmp_path / words.ABOUT).write_bytes(text.encode("latin-1"))
    with pytest.raises(WordsError, match="records no hash"):
        words.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"no safetensors",
        save_tensors({"vectors": np.ones((2, 3))}),
        save_tensors(
            {"vectors": np.ones((2, 3)), "explained": np.ones(3), "words": np.frombuffer(b"a\nb\nc", np.uint8)}
        ),
        save_tensors({"vectors": np.ones((2, 3)), "explained": np.ones(3), "words": np.frombuffer(b"a\na", np.uint8)}),
        save_tensors(
            {"vectors": np.ones((2, 3)), "explained": np.ones(3), "words": np.frombuffer(b"a\n\xff", np.uint8)}
        ),
    ],
)
def test_a_file_without_word_vectors_is_refused(content):
    with pytest.raises(WordsError):
        words.parse(content)


# The recipe, on a small wheel made here

PIECES = [
    "[PAD]",
    "[unused0]",
    "!",
    "b",
    "a",
    "i",
    "é",
    "the",
    "of",
    "vi",
    "iii",
    "tv",
    "##ing",
    "don",
    "cat",
    "dog",
    "km",
]
PIECES += ["naïve", "fish", "house", "nfl", "tree", "banana", "iphone"]


@pytest.fixture
def wheel(tmp_path):
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(len(PIECES), 11)).astype(np.float32)
    other = rng.normal(size=(3, 5)).astype(np.float32)
    files = {
        "model.safetensors": save_tensors({words_recipe.ROWS: rows, "pooler.dense.weight": other}),
        "vocab.txt": ("\n".join(PIECES) + "\n").encode(),
    }
    path = tmp_path / "some_model-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"some_model/model/{name}", content)
    return path, rows, {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_choice_of_words():
    ids = words_recipe.choose(PIECES, 9, ["iphone", "tv", "the"], ["don"])
    expected = ["a", "i", "the", "of", "tv", "cat", "dog", "fish", "house", "tree", "iphone"]
    assert [PIECES[i] for i in ids] == expected
    with pytest.raises(WordsError, match="no whole word kiwi"):
        words_recipe.choose(PIECES, 6, ["kiwi"], [])


def test_recipe_takes_the_rows_of_the_words(wheel):
    path, rows, sha256 = wheel
    names, taken = words_recipe.take(words_recipe.read_source(path, sha256), ["tv"], ["don"], 7)
    assert names == ["a", "i", "the", "of", "tv", "cat", "dog", "fish"]
    np.testing.assert_array_equal(taken, rows[[PIECES.index(w) for w in names]])


def test_recipe_gives_the_same_file_again_and_the_pca_of_the_rows(wheel):
    path, _, sha256 = wheel
    names, rows = words_recipe.take(words_recipe.read_source(path, sha256), ["tv"], ["don"])
    content = words_recipe.pack(names, rows, 3)
    again = words_recipe.take(words_recipe.read_source(path, sha256), ["tv"], ["don"])
    assert content == words_recipe.pack(*again, 3)
    made = words.parse(content)
    assert list(made.words) == names
    centred = rows - rows.mean(0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    expected = (u * s)[:, :3] / np.sqrt(((u * s)[:, :3] ** 2).mean())
    np.testing.assert_allclose(np.abs(made.vectors), np.abs(expected), atol=2e-3)
    np.testing.assert_allclose(made.explained, (s**2 / (s**2).sum())[:3], rtol=1e-6)


def test_all_axes_keep_every_distance(wheel):
    path, _, sha256 = wheel
    _, rows = words_recipe.take(words_recipe.read_source(path, sha256), [], [])
    vectors, explained = words_recipe.reduce(rows, 11)
    assert explained.sum() == pytest.approx(1)
    between = [np.linalg.norm(x[:, None] - x[None], axis=-1) for x in (rows, vectors)]
    ratio = between[1][0, 1] / between[0][0, 1]
    np.testing.assert_allclose(between[1], ratio * between[0], atol=1e-9)


def test_a_folder_does_as_well_as_the_wheel(wheel, tmp_path):
    path, _, sha256 = wheel
    from_wheel = words_recipe.read_source(path, sha256)
    for name, content in from_wheel.items():
        (tmp_path / name).write_bytes(content)
    assert words_recipe.read_source(tmp_path, sha256) == from_wheel


def test_another_model_is_refused(wheel, tmp_path):
    path, _, sha256 = wheel
    with pytest.raises(WordsError, match=r"model\.safetensors in some_model.* is another file: its SHA-256 is"):
        words_recipe.read_source(path)
    with pytest.raises(WordsError, match=r"vocab\.txt in .* is another file"):
        words_recipe.read_source(path, sha256 | {"vocab.txt": "0" * 64})
    (tmp_path / "no.whl").write_bytes(b"no zip")
    for wrong in (tmp_path / "no.whl", tmp_path / "absent.whl", tmp_path / "absent"):
        with pytest.raises(WordsError, match=r"model\.safetensors cannot be read from"):
            words_recipe.read_source(wrong, sha256)


def test_command_says_what_is_wrong(wheel, tmp_path):
    with pytest.raises(SystemExit, match="is another file"):
        words_recipe.main(["--wheel", str(wheel[0]), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_check_notices_a_changed_file(tmp_path):
    files = {"one": b"1", "two": b"2", "three": b"3"}
    (tmp_path / "one").write_bytes(b"1")
    (tmp_path / "two").write_bytes(b"!")
    assert words_recipe.differing(files, tmp_path) == ["two", "three"]
