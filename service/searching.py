"""``search``: codes by words, one query or a batch of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from codebook.book import BookError, CodeBook, open_book
from records.formats import ChartError, rows
from service.inputs import UsageFault, prepare_book
from service.output import write_hits, write_line
from service.terminal import complain

SHOWN = 20
BATCH = 50


def day(written: str | None) -> date:
    """The date somebody wrote, or today."""
    if written is None:
        return date.today()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageFault("--date: not a date written YYYY-MM-DD") from None


def search(terms: str, on: date, limit: int | None, as_json: bool) -> None:
    """Find and show."""
    book = open_for(on)
    hits = book.search(terms, limit or SHOWN)
    if book.search_notice:
        complain(book.search_notice)
    if as_json:
        found = [{"code": hit.code, "description": hit.description, "matched": hit.matched} for hit in hits]
        write_line({"terms": terms, "codes": [hit.code for hit in hits], "hits": found})
    elif hits:
        write_hits((hit.code, hit.description, hit.matched) for hit in hits)
    else:
        complain("nothing found; other words may find it, a miss does not mean that there is no code")


def search_batch(path: Path, on: date, limit: int | None) -> int:
    """Answer every line in order and give the exit code: a line that cannot be read is answered with an error."""
    book = open_for(on)
    failed = 0
    try:
        for row in rows(path):
            terms = row.value.get("terms") if isinstance(row.value, dict) else None
            if isinstance(terms, str):
                codes = [hit.code for hit in book.search(terms, limit or BATCH)]
                write_line({"terms": terms, "codes": codes})
            else:
                failed += 1
                error = row.error or "the line has no terms"
                write_line({"terms": None, "codes": [], "error": error})
                complain(f"{path} line {row.number}: {error}")
    except ChartError as error:
        raise UsageFault(f"{path}: {error.reason}") from None
    if book.search_notice:
        complain(book.search_notice)
    return 1 if failed else 0


def open_for(on: date) -> CodeBook:
    """The book of a date, with a word on stderr when it is not the one in force."""
    prepare_book(index_too=True)
    try:
        book = open_book(on)
    except BookError as error:
        raise UsageFault(str(error)) from None
    if not book.in_force:
        complain(f"no release in force on {on.isoformat()} is held; {book.release.id} is used")
    return book
