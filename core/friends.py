"""A class of six friends who take on each other's traits: attention without projections, round after round.

Each friend is a row of traits and wishes, from −1 (not at all) to 1 (very much). In a round everybody becomes the mean
of all, weighted by how well their traits match: softmax(X Xᵀ) X. Repeated, this lets rows grow alike, which in deep
stacks of attention alone is called rank collapse (Dong et al. 2021, arXiv 2103.03404).
"""

import numpy as np

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
ALIKE, APART = 0.01, 0.1  # of the spread at first: less than the one is all alike, more than the other is not


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
