"""What the Alphabetic Index adds to search: candidates of its own, and figures beside those of the book's phrases.

Nothing here changes what is found without it: the lines have figures and weights of their own, all nothing while no index is
imported, so that importing one adds and does not displace.
"""

from __future__ import annotations

import numpy as np

from codebook.search.index import Index
from codebook.search.phrases import likeness, most
from codebook.search.postings import Floats, Ints

# A line that ends in a heading (the index prints a dash) speaks almost as well of the codes right below it.
_BELOW = np.float32(0.9)
_CATEGORY_LEVEL = 2


def candidates(index: Index, fit: Floats, count: int) -> Ints:
    """The leaves that lines lead to best, by how well each line fits; none while no index is imported."""
    if not len(index.indexed):
        return np.zeros(0, np.int32)
    best = index.indexed.best(fit)
    answered = np.maximum(best, _BELOW * best[np.maximum(index.parents, 0)])[index.leaves]
    chosen: Ints = index.leaves[most(answered, count)]
    return chosen


def figures(index: Index, held: Floats, fit: Floats, total: float, units: Ints) -> dict[str, Floats]:
    """How well the best line answers for each unit, and for the heading right above it.

    ``held`` is the asked mass that each line holds, ``fit`` how well it fits, ``total`` all asked mass.
    """
    parents = np.maximum(index.parents[units], 0)
    below_heading = (index.levels[parents] >= _CATEGORY_LEVEL).astype(np.float32)
    own = _best(index, held, fit, total, units)
    above = _best(index, held, fit, total, parents)
    return own | {f"{name}_heading": values * below_heading for name, values in above.items()}


def _best(index: Index, held: Floats, fit: Floats, total: float, units: Ints) -> dict[str, Floats]:
    numbers, counts = index.indexed.of(units)
    owners = np.repeat(np.arange(len(units)), counts)
    dice, contained = likeness(held[numbers], index.indexed.mass[numbers], np.float32(total))
    made = {}
    for name, values in (("fit", fit[numbers]), ("dice", dice), ("contained", np.minimum(contained, 1))):
        made[f"index_{name}"] = np.zeros(len(units), np.float32)
        np.maximum.at(made[f"index_{name}"], owners, values)
    return made
