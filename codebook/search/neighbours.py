"""What vectors add to search: a few more candidates where a word is asked for that neither the books nor the lists know.

Measured, the offline vectors change little beyond that (``python -m evals.bench_search``), so nothing waits for them: they
serve when they were built, and are done without, with a word about it, when they are broken.
"""

from __future__ import annotations

from codebook.search.choice import chosen_embedder, chosen_server
from codebook.search.embedder import Embedder, VectorError
from codebook.search.index import Index
from codebook.search.meanings import meanings
from codebook.search.question import Question
from codebook.search.vectors import Vectors, open_vectors

_COUNT = 50


class Neighbours:
    """The vectors of an index, opened when first needed. ``notice`` says why they are not used; empty while all is well.

    The embedder and the place are what the operator chose, unless an embedder is given.
    """

    def __init__(self, index: Index, embedder: Embedder | None = None) -> None:
        self._index = index
        self._embedder = embedder
        self._vectors: Vectors | None = None
        self._opened = False
        self.notice = ""

    def near(self, asked: Question, terms: str) -> dict[int, float]:
        """Units near the terms with their likeness; nothing when every word is known, or when there are no vectors."""
        if all(meanings(self._index, concept.stems) for concept in asked.concepts):
            return {}
        try:
            if not self._opened:
                self._opened = True
                embedder = self._embedder or chosen_embedder(self._index)
                self._vectors = open_vectors(self._index, embedder, chosen_server())
            return self._vectors.nearest(terms, _COUNT) if self._vectors else {}
        except VectorError as error:
            self._vectors = None
            self.notice = f"search goes on without vectors: {error}"
            return {}
