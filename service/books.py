"""``chartproof codebook``: what is held and missing, official files taken in or removed, what a reader did not understand."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codebook import fetching, holdings, importing, payer, store, witness
from codebook.books import books
from codebook.release import BookError, Release
from service.inputs import UsageFault, prepare_book
from service.lists import show_leftover, show_releases
from service.output import write_line
from service.terminal import building, complain, page

if TYPE_CHECKING:
    from codebook.search import Index

_PAYER_NEEDED_FOR = "coverage and policies of payers"


def day(name: str, written: str | None) -> date | None:
    """The date of an option; None when it was not given."""
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageFault(f"{name}: not a date written YYYY-MM-DD") from None


def take_in(paths: Sequence[Path], given: tuple[date | None, date | None], as_json: bool) -> None:
    """Import files, all of them or none, and say what is held of them now."""
    today = date.today()
    try:
        with building("taking in official files") as progress:
            taken = importing.import_files(paths, given, today, progress)
    except importing.ImportFault as fault:
        for line in fault.faults[:-1]:
            complain(line)
        raise UsageFault(f"{fault.faults[-1]}; nothing was imported") from None
    if as_json:
        for one in taken:
            write_line(_row(one.release, today) | {"new": one.new, "unread_files": list(one.unread)})
        return
    for one in taken:
        said = "" if one.new else ", held already"
        print(f"{one.release.id}: {one.release.entries:,} entries, in force {one.release.start} to {one.release.end}{said}")
        if one.release.leftover:
            print(f"  {one.release.leftover:,} texts of it were not understood: chartproof codebook leftover {one.release.id}")
        if one.unread:
            print(f"  also in the archive, not read: {', '.join(one.unread)}")


def fetch(names: Sequence[str], addresses: Path | None, as_json: bool) -> int:
    """Download official files and take them in; exit code 1 when some could not be had."""
    try:
        asked = fetching.wanted(fetching.addresses(addresses), names)
    except BookError as error:
        raise UsageFault(f"codebook fetch: {error}") from None
    with tempfile.TemporaryDirectory() as folder:
        had: list[Path] = []
        for one in asked:
            try:
                had.append(fetching.fetch(one, Path(folder)))
            except fetching.Unfetched as error:
                complain(str(error))
        if had:
            take_in(had, (None, None), as_json)
    return 0 if len(had) == len(asked) else 1


def build(vectors: bool) -> None:
    """Build the term table and the search index of the newest release, the vectors where asked for; old ones are removed."""
    from codebook import pruning
    from codebook.book import open_book

    newest = prepare_book(terms_too=True, index_too=True)[-1]
    if vectors:
        _build_vectors(open_book(newest.start).search_index)
    removed = pruning.prune()
    print(f"{newest.id}: terms and search index{' and vectors' if vectors else ''} are built; {removed} old ones removed")


def _build_vectors(index: Index) -> None:
    """Build them with the embedder the operator chose, where the operator chose."""
    from codebook.search.choice import chosen_embedder, chosen_server
    from codebook.search.embedder import VectorError
    from codebook.search.vectors import build_on, build_vectors

    try:
        embedder, server = chosen_embedder(index), chosen_server()
        with building("building the vectors, once") as progress:
            if server is None:
                build_vectors(index, embedder, progress)
            else:
                build_on(server, index, embedder, progress)
    except VectorError as error:
        raise UsageFault(f"codebook build: {error}") from None


def status(today: date, as_json: bool) -> None:
    """Which releases are held, from where, in force when; what is missing today."""
    releases = _releases()
    missing = [book for book in books().values() if not any(one.book == book.id and one.in_force(today) for one in releases)]
    damaged = holdings.damaged_files()
    rules, fault = _payer_rules()
    differing = [one for one in witness.differences() if one.missing or one.extra]
    if as_json:
        for one in releases:
            write_line(_row(one, today))
        for other in differing:
            write_line({"release": other.witness, "differs_from": other.tabular, "missing": other.missing, "extra": other.extra})
        for book in missing:
            write_line({"book": book.id, "title": book.title, "missing_today": True, "needed_for": book.needed_for})
        for name in damaged:
            write_line({"file": name, "damaged": True})
        if rules is not None:
            write_line({"book": "payer_rules", "version": rules.version, "rules": len(rules.rule), "sha256": rules.sha256})
        else:
            write_line(
                {"book": "payer_rules", "missing_today": True, "needed_for": _PAYER_NEEDED_FOR}
                | ({"error": fault} if fault else {})
            )
    else:
        lacking = [(book.title, book.needed_for) for book in missing]
        if rules is None:
            lacking.append((f"Payer rules ({payer.FILE})", _PAYER_NEEDED_FOR))
        show_releases(page(), releases, lacking, today)
        if rules is not None:
            print(f"\nPayer rules: version {rules.version}, {len(rules.rule)} rules ({payer.FILE})")
    if fault:
        complain(fault)
    for other in differing:
        lacks, more = len(other.missing), len(other.extra)
        complain(f"{other.witness} does not name the codes of {other.tabular}: {lacks} are missing, {more} are more")
    for name in damaged:
        complain(f"{name} in the releases folder is damaged or of another version: import its file again")


def _payer_rules() -> tuple[payer.PayerRules | None, str]:
    """The payer rules, or why they cannot be read."""
    try:
        return payer.payer_rules(), ""
    except BookError as error:
        return None, str(error)


def leftover(release_id: str, as_json: bool) -> None:
    """What of a release's file its reader did not understand."""
    found = next((path for path, release in _files().items() if release.id == release_id), None)
    if found is None:
        raise UsageFault(f"codebook leftover: no release is called {release_id}")
    left = store.leftover_of(found)
    if as_json:
        for why, text, times in left:
            write_line({"release": release_id, "why": why, "text": text, "times": times})
    else:
        show_leftover(page(), release_id, left)


def remove(release_id: str) -> None:
    """Remove an imported release."""
    try:
        release = importing.remove(release_id)
    except BookError as error:
        raise UsageFault(str(error)) from None
    print(f"{release.id} is removed")


def _files() -> dict[Path, Release]:
    from codebook.shelf import held

    prepare_book()
    found = dict(held())
    for book in books():
        if book != "icd10cm":
            found.update((one.path, one.release) for one in holdings.whole(book))
    return found


def _releases() -> list[Release]:
    order = {book: place for place, book in enumerate(books())}
    return sorted(_files().values(), key=lambda one: (order[one.book], one.start, one.form))


def _row(release: Release, today: date) -> dict[str, Any]:
    return {**release.model_dump(mode="json"), "in_force_today": release.in_force(today)}
