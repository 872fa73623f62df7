"""Keys and values kept in place: a new token is written behind the others instead of copying them all.

In a profile of the story model at some 100 tokens the copies took over a quarter of a step's operator time.
"""

from torch import Tensor

from core.attention import KeysValues
from core.traces import BlockPast, Past


class Room:
    """Memory for the keys and values of one block, with room for tokens to come."""

    def __init__(self, past: KeysValues, capacity: int):
        """Begins with a copy of k (..., t, d) and v (..., t, d_v); `capacity` tokens fit."""
        self.k, self.v = (z.new_empty(*z.shape[:-2], capacity, z.shape[-1]) for z in past)
        self.used = 0
        self.write(*past)

    def write(self, k: Tensor, v: Tensor) -> "Kept":
        """Put new tokens behind the used ones. -> all of them"""
        end = self.used + k.shape[-2]
        self.k[..., self.used : end, :], self.v[..., self.used : end, :] = k, v
        self.used = end
        return self.all()

    def all(self) -> "Kept":
        kept = Kept(self.k[..., : self.used, :], self.v[..., : self.used, :])
        kept.room = self
        return kept


class Kept(KeysValues):
    """The first tokens of a room: keys and values that know where the next can be written."""

    room: Room

    def then(self, k: Tensor, v: Tensor) -> KeysValues:
        """In place, unless something was written behind these already (by another beam): then in a copy."""
        ours = self.room.used == self.k.shape[-2]
        fits = self.room.used + k.shape[-2] <= self.room.k.shape[-2]
        return self.room.write(k, v) if ours and fits else super().then(k, v)


def keep(now: Past, before: Past | None, capacity: int) -> Past:
    """The cache after a step, each block's in its room: where it was written in place, the room it came from."""
    rooms = [None] * len(now) if before is None else [block.attention for block in before]
    return tuple(BlockPast(settle(b.attention, room, capacity), b.cross) for b, room in zip(now, rooms, strict=True))


def settle(past: KeysValues, before: KeysValues | None, capacity: int) -> Kept:
    if isinstance(before, Kept) and past.k.data_ptr() == before.room.k.data_ptr():
        return before.room.all()
    return Room(past, max(capacity, past.k.shape[-2])).all()
