"""Do words support a code? Whether they reach its vocabulary, what the code says beyond them, and which neighbour fits better.

A code's vocabulary is its title, its inclusion terms, what stands above it, and the clinical synonyms that lead to it or to a
heading above it. What tells it from its neighbours is read from the titles: the words a title adds to the one above it.
``titles`` knows codes as words know them, ``said`` knows what quotes amount to, ``reach`` and ``neighbours`` hold the one
against the other, ``ending`` does so for 7th characters, and ``judge`` is where it comes together.
"""

from codebook.support.judge import Support, Supports

__all__ = ["Support", "Supports"]
