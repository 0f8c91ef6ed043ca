"""Taking official files in: recognised by their content, dated, found whole, then stored all together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import NamedTuple

from codebook import dating, holdings, store, witness
from codebook.books import books
from codebook.importers import forms
from codebook.importers.intake import Intake
from codebook.release import BookError, Release, publications


class ImportFault(Exception):
    """Nothing was taken in. ``faults`` is one line a file that cannot be."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class Taken(NamedTuple):
    """One release that is held now; ``new`` says whether it was not before. ``unread`` names what else its archive held."""

    release: Release
    new: bool
    unread: tuple[str, ...]


class _Dated(NamedTuple):
    release: Release
    intake: Intake
    unread: tuple[str, ...]


def import_files(
    paths: Sequence[Path],
    given: tuple[date | None, date | None],
    today: date,
    progress: store.Progress = store.silent,
) -> list[Taken]:
    """Take files in. ``given`` are dates for files that do not say theirs. ImportFault when any of them cannot be taken in:
    then none is, and the books are as they were. One import at a time: another waits for it."""
    try:
        with holdings.alone(lambda: progress("waiting for another import", 0)):
            return _import(paths, given, today, progress)
    except BookError as error:
        raise ImportFault([str(error)]) from None


def _import(paths: Sequence[Path], given: tuple[date | None, date | None], today: date, progress: store.Progress) -> list[Taken]:
    dated: list[_Dated] = []
    faults: list[str] = []
    for path in paths:
        try:
            progress(f"reading {path.name}", 0)
            dated += _read(path, given, today, dated)
        except BookError as error:
            faults.append(f"{path.name}: {error}")
    if faults:
        raise ImportFault(faults)
    return _keep(dated, progress)


def _read(path: Path, given: tuple[date | None, date | None], today: date, before: Sequence[_Dated]) -> list[_Dated]:
    found = forms.read(path)
    known = publications().get(found.source.sha256)
    dated = []
    for intake in found.intakes:
        book = books()[intake.book]
        published = dating.Period(known.start, known.end) if known and known.book == intake.book else intake.period
        year = None if published else intake.fiscal_year
        names = (intake.name, found.source.file) if intake.named_by_date else ()
        period = dating.settle(names, book.cadence, year, published, given, today)
        release = Release(
            id=_id(intake, period.start),
            book=intake.book,
            title=known.title if known and known.book == intake.book else f"{book.title} from {period.start}",
            publisher=book.publisher,
            start=period.start,
            end=period.end,
            sha256=found.source.sha256,
            file=found.source.file,
            origin="imported",
            form=intake.form,
        )
        _refuse_other(release, [*(one.release for one in holdings.whole(release.book)), *(one.release for one in before)])
        dated.append(_Dated(release, intake, found.other))
    return dated


def _id(intake: Intake, start: date) -> str:
    first = books()[intake.book].forms[0]
    return f"{intake.book}-{start}" + ("" if intake.form in ("", first) else f"-{intake.form}")


def _refuse_other(release: Release, held: Sequence[Release]) -> None:
    for one in held:
        if (one.book, one.form) != (release.book, release.form):
            continue
        same_file = one.sha256 == release.sha256
        if same_file and (one.start, one.end) != (release.start, release.end):
            raise BookError(f"this file is held as {one.id}, in force from {one.start} to {one.end}: remove that first")
        if not same_file and one.start == release.start:
            raise BookError(f"another file is held as {one.id} ({one.file}): remove that first")


def _keep(dated: Sequence[_Dated], progress: store.Progress) -> list[Taken]:
    taken: dict[Path, Taken] = {}
    with ExitStack() as stages:
        staged: list[tuple[Path, Path]] = []
        for release, intake, unread in dated:
            path = holdings.folder() / f"{release.id}-{release.sha256[:12]}.sqlite"
            held = store.release_of(path)
            if path in taken:
                continue
            if held is not None:
                taken[path] = Taken(held, False, unread)
                continue
            part, whole = stages.enter_context(store.staged(path, release, intake.content, progress))
            _agree(part, whole)
            staged.append((part, path))
            taken[path] = Taken(whole, True, unread)
        holdings.place(staged)
    return list(taken.values())


def _agree(part: Path, release: Release) -> None:
    """A code list that contradicts the Tabular List held for the same date is cut short, or of another one."""
    found = witness.difference(part, release) if release.book == witness.BOOK else None
    if found and (found.missing or found.extra):
        differs = f"{len(found.missing)} codes of {found.tabular} are missing, {len(found.extra)} are more"
        raise BookError(f"{release.file}: the list is cut short or not of these dates: {differs}")


def remove(release_id: str) -> Release:
    """Remove an imported release. BookError when none of that name is held, or it cannot be removed."""
    with holdings.alone(lambda: None):
        for book in books():
            for path, release in holdings.whole(book):
                if release.id == release_id:
                    try:
                        path.unlink()
                    except OSError as error:
                        raise BookError(f"{path.name} cannot be removed: {error.strerror}") from None
                    return release
    raise BookError(f"no imported release is called {release_id}")
