"""The two named axes among trained vectors."""

import numpy as np
import pytest

from core import words
from pages.shared.model import word_table


@pytest.fixture(scope="module")
def shipped():
    return words.load()


def test_a_named_axis_points_from_one_mean_to_another(shipped):
    x = shipped.rows(["apple", "phone"])
    plane = word_table.named_plane(shipped, x, "computer laptop", "fruit", "river", "")
    right = shipped.rows(["computer", "laptop"]).mean(0) - shipped.vector("river")
    np.testing.assert_allclose(plane.points[:, 0], x @ right / np.linalg.norm(right))
    fruit = shipped.vector("fruit")
    np.testing.assert_allclose(plane.place(x)[:, 1], x @ fruit / np.linalg.norm(fruit))
    with pytest.raises(words.UnknownWord, match="zzxq"):
        word_table.named_plane(shipped, x, "zzxq", "fruit")
    with pytest.raises(words.WordsError, match="at least one word"):
        word_table.named_plane(shipped, x, "", "fruit")
