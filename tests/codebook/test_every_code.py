"""Properties of all codes of a release: where each stands, what notes it inherits, what completes it, what its notes name."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from codebook import shelf, store
from codebook.book import CodeBook, open_book
from codebook.importing import import_files
from codebook.reference import CODE, covers, is_reference, references_in, unread

ON = date(2026, 6, 15)
BILLABLE = 74_719
# Where the publication itself names a code that it does not hold.
MISPRINTS = {"excludes1": [("R10.85", "R10.1-R10.4")], "code_first": [("F02", "G31.90")]}
SHARED = Path(__file__).parents[2].parent / "shared" / "knowledge" / "icd10cm"
# What has no dot and is no category is a block or a chapter.
LEVEL = re.compile(rf"Chapter \d+|{CODE}-{CODE}|{CODE}")


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(ON)


@pytest.fixture(scope="module")
def rows(book: CodeBook) -> list[tuple[str, str, bool, str]]:
    return list(book.entries())


def test_every_code_is_there_once_and_written_as_the_book_writes_it(
    book: CodeBook, rows: list[tuple[str, str, bool, str]]
) -> None:
    billable = [code for code, _, valid, _ in rows if valid]
    assert len(billable) == BILLABLE
    assert len({code for code, *_ in rows}) == len(rows)
    assert [code for code in billable if book.normalise(code) != code] == []
    assert [code for code in billable if book.normalise(f" {code.replace('.', '').lower()} ") != code] == []


def test_every_path_resolves_and_leads_down_to_its_code(book: CodeBook, rows: list[tuple[str, str, bool, str]]) -> None:
    for code, description, billable, parent in rows:
        entry = book.entry(code)
        assert entry is not None, code
        assert (entry.description, entry.billable) == (description, billable)
        assert entry.description, code
        assert not (billable and entry.children), code
        levels = (*entry.path, code)
        assert levels[0].startswith("Chapter "), code
        assert all(LEVEL.fullmatch(level) for level in levels), code
        for above, below in itertools.pairwise(levels):
            assert above == _parent(book, below), code
        if len(code) > 3 and "-" not in code and " " not in code:
            assert covers(parent, code), code


def test_every_heading_lists_its_children(book: CodeBook, rows: list[tuple[str, str, bool, str]]) -> None:
    below = Counter(parent for *_, parent in rows if parent)
    for code, *_ in rows:
        entry = book.entry(code)
        assert entry is not None
        assert len(entry.children) == below[code]
        # C00-C96 stands above other blocks and holds no category itself.
        assert entry.billable or entry.children or "-" in code, f"{code} leads to no code"


def test_notes_are_those_of_the_code_and_of_every_level_above_it(book: CodeBook, rows: list[tuple[str, str, bool, str]]) -> None:
    for code, *_ in rows:
        entry = book.entry(code)
        assert entry is not None
        allowed = {code, *entry.path}
        assert {note.level for note in entry.notes} <= allowed, code
        above = book.entry(entry.path[-1]) if entry.path else None
        inherited = tuple(note for note in entry.notes if note.level != code)
        assert inherited == (above.notes if above else ()), code


def test_every_seventh_character_completes_its_code(book: CodeBook, rows: list[tuple[str, str, bool, str]]) -> None:
    completed = 0
    for code, _, billable, _ in rows:
        entry = book.entry(code)
        assert entry is not None
        bare = code.replace(".", "")
        if not entry.seventh_characters:
            parent = entry.path[-1].replace(".", "") if entry.path else ""
            assert not billable or len(bare) == 3 or bare[:-1] == parent, f"{code} is completed and has no table"
        elif billable:
            assert (len(bare), bare[6] in entry.seventh_characters) == (7, True), code
            completed += 1
        else:
            wanted = [f"{bare.ljust(6, 'X')}{character}" for character in entry.seventh_characters]
            assert [child.replace(".", "") for child in entry.children] == wanted, code
    assert completed > 40_000


def _notes(book: CodeBook, kind: str) -> Iterator[tuple[str, str]]:
    return book.printed_notes(kind)


@pytest.mark.parametrize("kind", ["excludes1", "excludes2", "code_first", "use_additional_code", "code_also"])
def test_every_reference_of_a_note_is_one_and_names_something_in_the_book(
    kind: str, book: CodeBook, rows: list[tuple[str, str, bool, str]]
) -> None:
    codes = [code.replace(".", "") for code, *_ in rows if re.fullmatch(CODE, code)]
    heads = {code[:length] for code in codes for length in range(3, len(code) + 1)}
    nowhere = []
    for level, text in _notes(book, kind):
        for reference in references_in(text, bare=True):
            assert is_reference(reference), (level, text, reference)
            where = reference.partition("@")[0].replace(".", "")
            ends = where.split("-")
            assert ends == sorted(ends), (level, text, "a range runs forward")
            if not all(end in heads for end in ends):
                nowhere.append((level, reference))
    assert nowhere == MISPRINTS.get(kind, [])


def test_what_the_notes_say_and_the_parser_does_not_read_is_counted(book: CodeBook) -> None:
    path = next(path for path, release in shelf.held().items() if release == book.release)
    left = store.leftover_of(path)
    assert sum(times for *_, times in left) == book.release.leftover
    assert 0 < book.release.leftover < 150
    kept = {text for _, text, _ in left}
    for kind in ("excludes1", "excludes2", "code_first", "use_additional_code", "code_also"):
        for level, text in _notes(book, kind):
            silent = kind == "excludes1" and not references_in(text, bare=True) and not text.rstrip().endswith(":")
            if silent or unread(text, bare=True):
                assert text in kept, (level, text)


@pytest.mark.parametrize(
    ("note", "references", "left"),
    [
        ("gangrene (I96)", ("I96",), ()),
        ("a list (A15-A19, B20.-, C00.0-C14.8)", ("A15-A19", "B20", "C00.0-C14.8"), ()),
        ("conditions classifiable to K56.-", ("K56",), ()),
        ("injuries classified in S06.1- to S06.6-, and S06.81- to S06.89", ("S06.1-S06.6", "S06.81-S06.89"), ()),
        ("vitamin B12 deficiency", (), ()),
        ("vitamin B12 deficiency (E53.8)", ("E53.8",), ()),
        ("G6PD deficiency (D55.0)", ("D55.0",), ()),
        ("anemia (G6PD)", (), ()),
        ("see categories E08-E10, E11, E13 with ketoacidosis", (), ("E08", "E10", "E11", "E13")),
        ("remission C91.0-C95.9 with 5th character 1", ("C91.0-C95.9@5=1",), ()),
        ("any condition in I51.4-I51.9 due to it (I11.-)", ("I11",), ("I51.4", "I51.9")),
        ("disorder (QA0.8)", ("QA0.8",), ()),
        ("code to condition", (), ()),
    ],
)  # fmt: skip
def test_references_are_read_where_they_stand(note: str, references: tuple[str, ...], left: tuple[str, ...]) -> None:
    assert references_in(note, bare=True) == references
    assert unread(note, bare=True) == left


def test_the_code_list_published_beside_it_names_the_same_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = SHARED / "code-list-April-2026.txt"
    if not path.exists():
        pytest.skip("the official code list of April 2026 is not beside this project")
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path))
    import_files([path], (None, None), ON)
    from codebook.witness import differences

    (found,) = differences()
    assert (found.witness, found.tabular) == ("icd10cm_codes-2026-04-01-list", "icd10cm-2026-04-01")
    assert (found.missing, found.extra) == ((), ())


def test_opening_is_quick_and_several_processes_share_one_book() -> None:
    open_book(ON)
    program = (
        "import time; from datetime import date; from codebook.book import open_book; start = time.perf_counter();"
        "book = open_book(date(2026, 6, 15)); found = book.entry('E11.9'); print(time.perf_counter() - start)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        for _ in range(3)
    ]
    seconds = [float(one.communicate(timeout=60)[0]) for one in running]
    assert [one.returncode for one in running] == [0, 0, 0]
    # Half a second on a machine of its own; three at once on a busy one get more.
    assert min(seconds) < 2.0, seconds


def test_an_import_is_seen_by_a_process_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.codebook import official

    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    assert open_book(date(2026, 6, 15)).release.id == "icd10cm-2026-04-01"
    time.sleep(0.01)
    late = tmp_path / "icd10cm-tabular-June-1-2026.xml"
    late.write_bytes(official.tabular(extra=official.diagnosis("A02", "New")))
    import_files([late], (None, None), ON)
    assert open_book(date(2026, 6, 15)).entry("A02") is not None
    assert open_book(date(2026, 5, 31)).release.id == "icd10cm-2026-04-01"


def _parent(book: CodeBook, code: str) -> str:
    entry = book.entry(code)
    assert entry is not None
    return entry.path[-1]
