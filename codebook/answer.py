"""What every table of edits answers with: which release said so, whether it is the one of the date, or that none is held."""

from __future__ import annotations

from records.base import Record


class Answer(Record):
    """An answer of a table. ``release`` is empty when no table answers for the date: then nothing is known, and unknown is
    never permitted. ``in_force`` says whether the release is the one of the date, or only the latest before it."""

    release: str = ""
    in_force: bool = False

    @property
    def held(self) -> bool:
        """Whether any table answered."""
        return bool(self.release)
