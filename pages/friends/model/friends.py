"""A class of six friends who take on each other's traits: attention without projections, round after round.

Each friend is a row of traits and wishes, from −1 (not at all) to 1 (very much). In a round everybody becomes the mean
of all, weighted by how well their traits match: softmax(X Xᵀ) X. Repeated, this lets rows grow alike, which in deep
stacks of attention alone is called rank collapse (Dong et al. 2021, arXiv 2103.03404).
"""

from collections.abc import Sequence

import numpy as np

from core.words import Pull, pca_plane, pull
from pages.shared.model.asking import Asked
from pages.shared.model.panels import Axis, Dot, Panel, Softmax, pipeline
from pages.shared.model.prose import _

FRIENDS = ("Monika", "Phoebe", "Chandler", "Rachael", "Ross", "Joey")
TRAITS = ("MBA", "MS", "travel", "trekking", "cooking", "music", "fashion")
TABLE = np.array(
    [
        [-0.2, -0.3, 0.2, 0.0, 0.8, -0.2, 0.3],
        [-0.9, -0.8, 0.9, 0.9, 0.2, 1.0, -0.1],
        [0.9, 0.2, 0.3, -0.8, -0.4, 0.3, -0.2],
        [0.6, -0.5, 0.7, -0.4, -0.3, 0.1, 1.0],
        [0.1, 1.0, 0.4, 0.6, -0.3, -0.4, -0.8],
        [-0.5, -0.5, 0.3, 0.1, 0.7, 0.3, 0.2],
    ]
)
TABLE.setflags(write=False)
JOEY = FRIENDS.index("Joey")
ROUNDS = 10
ALIKE = 0.05  # of the spread at first: rows that are no further apart than this count as one camp


def spread(traits: np.ndarray) -> float:
    """How far the friends are from their mean: the root of the mean square distance. (friends, traits) -> a number"""
    traits = np.asarray(traits)
    return float(np.sqrt(((traits - traits.mean(0)) ** 2).sum(1).mean()))


def distances(traits: np.ndarray, friend: int) -> np.ndarray:
    """How far every friend's row is from this one's. (friends, traits) -> (friends,)"""
    return np.linalg.norm(traits - traits[friend], axis=1)


def nearest(traits: np.ndarray, friend: int) -> int:
    """The other friend whose row is closest to this one's; of equals the first."""
    return best(-distances(traits, friend), friend)


def best(scores: np.ndarray, friend: int) -> int:
    """The other friend with the largest number; of equals the first."""
    others = np.array(scores, dtype=np.float64)
    others[friend] = -np.inf
    return int(others.argmax())


def play(traits: np.ndarray, kind: str, temperature: float) -> list[Pull]:
    """Ten rounds, each with its scores and weights."""
    return pull(traits, kind, ROUNDS, temperature=temperature)


def spreads(rounds: Sequence[Pull]) -> list[float]:
    """At first, and after each round."""
    return [spread(rounds[0].before), *(spread(r.after) for r in rounds)]


def ways(rounds: Sequence[Pull]) -> list[np.ndarray]:
    """Where the friends stand at first and after each round, on the plane where they differ most at first. (6, 2)"""
    plane = pca_plane(rounds[0].before)
    return [plane.place(traits) for traits in (rounds[0].before, *(r.after for r in rounds))]


def camps(traits: np.ndarray, within: float) -> list[list[str]]:
    """The friends in groups: who is within this distance of one of a group belongs to it."""
    groups: list[set[int]] = []
    for friend in range(len(traits)):
        near = {friend, *np.flatnonzero(distances(traits, friend) <= within).tolist()}
        joined = [g for g in groups if g & near]
        groups = [g for g in groups if not g & near] + [near.union(*joined)]
    return sorted([FRIENDS[i] for i in sorted(g)] for g in groups)


AXES = {
    "friend": Axis("friend", FRIENDS),
    "other": Axis("friend looked at", FRIENDS),
    "trait": Axis("trait", TRAITS),
}


def panels(one: Pull, kind: str, temperature: float, revealed: bool = True, base: Pull | None = None) -> dict:
    """One round as linked matrices; with `base`, its traits can be changed, and what differs from it is marked."""
    divide = len(TRAITS) ** 0.5 if kind == "scaled_dot" else 1.0
    match = Dot("X", "X", True, divide, by_lengths=kind == "cosine")
    first = base or one
    made = [
        Panel("X", one.before, "friend", "trait", "X", _("traits"), editable=base is not None, base=first.before),
        Panel("scores", one.scores, "friend", "other", "", _("how well they match"), rule=match, base=first.scores),
        Panel("weights", one.weights, "friend", "other", "", _("each row sums to 1"), "weights",
              Softmax("scores", temperature), base=first.weights, starts=True),
        Panel("revised", one.after, "friend", "trait", "", _("traits after the round"), "output", Dot("weights", "X"),
              base=first.after),
    ]  # fmt: skip
    return pipeline(AXES, made if revealed else made[:-1])


def asked(one: Pull, friend: int, kind: str, temperature: float, digits: int) -> Asked:
    """One friend's row of a round, to be written out."""
    rows = one.scores[friend], one.weights[friend], one.after[friend]
    return Asked(FRIENDS, one.before[friend], one.before, one.before, *rows, kind, None, temperature, digits)


def facts(rounds: Sequence[Pull], friend: int) -> dict:
    """What the words of the lesson quote."""
    one, start, end = rounds[0], spread(rounds[0].before), spread(rounds[-1].after)
    most, lengths = best(one.weights[friend], friend), np.linalg.norm(one.before, axis=1)
    found = {"friend": FRIENDS[friend], "most": FRIENDS[most], "most_weight": one.weights[friend, most]}
    found |= {"own": one.weights[friend, friend], "length": lengths[friend], "most_length": lengths[most]}
    found |= {"back": one.weights[most, friend], "score": one.scores[friend, most]}
    like = nearest(one.after, friend)
    found |= {"like": FRIENDS[like], "like_far": distances(one.after, friend)[like], "rounds": len(rounds)}
    found |= {
        "most_far": distances(one.after, friend)[most],
        "start": start,
        "end": said(end),
        "once": spread(one.after),
    }
    groups = camps(rounds[-1].after, ALIKE * start)
    return found | {"camps": len(groups), "groups": "; ".join(", ".join(g) for g in groups)}


def said(length: float) -> str:
    """A spread in words: what only rounding leaves of nothing is not written out."""
    return f"{length:.2g}" if length > 1e-6 else _("below 0.000001")


def traits_panel(traits: np.ndarray, title: str) -> dict:
    """The traits at some round."""
    return pipeline(AXES, [Panel("traits", traits, "friend", "trait", "X", title, largest=1.0)])
