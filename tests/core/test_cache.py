"""Keys and values in place: what one sequence writes is never seen by another that began with the same tokens."""

import pytest
import torch

from core.attention import KeysValues
from core.cache import Kept, Room, keep
from core.traces import BlockPast


def some(t: int) -> KeysValues:
    return KeysValues(torch.randn(1, 3, t, 5), torch.randn(1, 3, t, 7))


def same(one: KeysValues, other: KeysValues) -> bool:
    return torch.equal(one.k, other.k) and torch.equal(one.v, other.v)


def test_new_tokens_are_written_behind_the_others_in_place():
    begin, new = some(4), some(2)
    first = Room(begin, capacity=11).all()
    then = first.then(*new)
    assert same(then, begin.then(*new))
    assert then.k.data_ptr() == first.k.data_ptr()


@pytest.mark.parametrize("capacity", [4, 5])
def test_without_room_they_are_copied(capacity):
    begin, new = some(4), some(2)
    then = Room(begin, capacity).all().then(*new)
    assert same(then, begin.then(*new))
    assert not isinstance(then, Kept)


def test_a_second_continuation_leaves_the_first_alone():
    begin, one, other = some(4), some(1), some(1)
    first = Room(begin, capacity=11).all()
    left, right = first.then(*one), first.then(*other)
    assert same(left, begin.then(*one))
    assert same(right, begin.then(*other))


def test_the_cache_after_a_step_stays_in_its_room_or_moves_to_one():
    first = Room(some(4), capacity=11).all()
    written, copied = first.then(*some(1)), first.then(*some(1))
    before = (BlockPast(first),)
    (inside,), (moved,) = (keep((BlockPast(now),), before, capacity=11) for now in (written, copied))
    assert inside.attention.room is first.room
    assert moved.attention.room is not first.room
    assert same(inside.attention, written)
    assert same(moved.attention, copied)
