"""The shelf: which releases are held on this machine, the one of the installed package among them."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

from codebook import holdings, places, store
from codebook.importers import icd10cm_tabular
from codebook.release import BookError, Release, publications

_PACKAGE = "simple-icd-10-cm"
_PACKAGED = "icd10c-tabular-April-1-2026.xml"


def held(progress: store.Progress = store.silent) -> dict[Path, Release]:
    """Every ICD-10-CM release held, by its file, the oldest first. The packaged one is built when it is not there yet."""
    packaged = _packaged(progress)
    release = store.release_of(packaged)
    if release is None:
        raise BookError(f"{packaged.name} in the cache folder is damaged: remove it, and it is built again")
    found = {packaged: release}
    for path, imported in holdings.of_book("icd10cm"):
        # The operator's own copy of the same file stands for both.
        if imported.sha256 == release.sha256:
            found.pop(packaged, None)
        found[path] = imported
    # Of two with the same dates the operator's own is the last, which is the one that is chosen.
    return dict(sorted(found.items(), key=lambda item: (item[1].start, item[0] != packaged)))


def choose(on: date, progress: store.Progress = store.silent) -> tuple[Path, Release]:
    """The release in force on a date, else the latest that began before it; BookError when none is that old."""
    begun = [(path, release) for path, release in held(progress).items() if release.start <= on]
    if not begun:
        raise BookError(f"no ICD-10-CM release is held that was in force on {on.isoformat()} or before")
    in_force = [one for one in begun if one[1].in_force(on)]
    return (in_force or begun)[-1]


@cache
def _version() -> str:
    return version(_PACKAGE)


@cache
def _packaged_release() -> tuple[bytes, Release]:
    # Found by the package's records: importing it would parse the whole book once more.
    content = Path(str(distribution(_PACKAGE).locate_file(f"simple_icd_10_cm/data/{_PACKAGED}"))).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    known = publications().get(sha256)
    if known is None:
        raise BookError(f"the Tabular List in {_PACKAGE} is not the one this version was made for: its checksum differs")
    origin = f"package {_PACKAGE} {_version()}"
    return content, Release(**known.model_dump(), file=_PACKAGED, origin=origin, form="tabular")


def _packaged(progress: store.Progress) -> Path:
    path = places.cache() / f"icd10cm-packaged-{_version()}-{store.FORMAT}.sqlite"
    if store.release_of(path) is None:
        content, release = _packaged_release()
        store.write(path, release, icd10cm_tabular.content(icd10cm_tabular.rows(content)), progress)
        _packaged_release.cache_clear()
    return path
