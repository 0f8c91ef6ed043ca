"""Search: from words to billable codes, best first. It only helps to find: a miss is never "no such code"."""

from codebook.search.features import PARTS
from codebook.search.index import Index, load
from codebook.search.neighbours import Neighbours
from codebook.search.ranking import Hit, Searched, search

__all__ = ["PARTS", "Hit", "Index", "Neighbours", "Searched", "load", "search"]
