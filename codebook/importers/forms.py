"""Every form an official file may have, and the reader of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from codebook.importers import (
    cc_mcc,
    code_list,
    coverage,
    cpt,
    guidelines,
    hcc,
    hcpcs,
    icd10cm_index,
    icd10cm_tabular,
    mce,
    mue,
    ncci_add_on,
    ncci_ptp,
    poa_exempt,
)
from codebook.importers.intake import Intake
from codebook.importers.source import Source, sources
from codebook.release import BookError, NotARelease

# Each says None to what is not its own. Lists of bare numbers say little, so what says more of itself is asked first.
READERS: tuple[Callable[[Source], Intake | None], ...] = (
    coverage.read,
    icd10cm_tabular.read,
    icd10cm_index.read,
    guidelines.read,
    mce.read,
    mue.read,
    ncci_add_on.read,
    ncci_ptp.read,
    poa_exempt.read,
    cc_mcc.read,
    hcc.read,
    hcpcs.read,
    code_list.read,
    cpt.read,
)


class Read(NamedTuple):
    """What a file was found to be: the books in it, and the names of the files in an archive that are none."""

    source: Source
    intakes: tuple[Intake, ...]
    other: tuple[str, ...]


def read(path: Path) -> Read:
    """Every book in a file, whole. BookError when it holds none, or one that is not whole."""
    intakes: list[Intake] = []
    other: list[str] = []
    changes: NotARelease | None = None
    last: Source | None = None
    for last in sources(path):
        try:
            found = recognise(last)
        except NotARelease as refusal:
            found, changes = None, refusal
        if found is not None:
            intakes.append(found)
        else:
            other.append(last.name)
    if last is None or not intakes:
        raise changes or BookError("no official file is known that looks like this")
    if len({(one.book, one.form) for one in intakes}) < len(intakes):
        raise BookError("the archive holds the same book twice")
    read_too = {name for one in intakes for name in one.tables}
    return Read(last, tuple(intakes), tuple(name for name in other if name.lower() not in read_too))


def recognise(source: Source) -> Intake | None:
    """The book in one file; None when it is none."""
    for reader in READERS:
        intake = reader(source)
        if intake is not None:
            return intake
    return None
