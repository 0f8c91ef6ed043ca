"""Imports beside each other and imports that are killed: the books are as before, or whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codebook import holdings
from codebook.books import books
from codebook.importing import ImportFault, Taken, import_files, remove
from codebook.release import BookError
from tests.codebook import cms_files, official
from tests.codebook.conftest import TODAY

TakeIn = Callable[..., list[Taken]]
ROOT = Path(__file__).parents[2]
IMPORT = """
import sys
from datetime import date
from pathlib import Path
from codebook.importing import ImportFault, import_files
{before}
try:
    taken = import_files([Path(name) for name in sys.argv[1:]], (None, None), date(2026, 8, 1))
except ImportFault as fault:
    print(*fault.faults)
else:
    print(sum(one.new for one in taken), "new")
"""


def start(*paths: Path, before: str = "") -> subprocess.Popen[str]:
    program = IMPORT.format(before=before)
    return subprocess.Popen([sys.executable, "-c", program, *map(str, paths)], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def said(running: subprocess.Popen[str]) -> str:
    return running.communicate(timeout=60)[0].strip()


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "releases").iterdir())


def test_two_at_once_take_in_the_same_files_once(home: Path, tmp_path: Path) -> None:
    paths = official.write(tmp_path)
    first, second = start(*paths), start(*paths)
    assert sorted([said(first), said(second)]) == ["0 new", f"{len(paths)} new"]
    assert len(names(home)) == len(paths)


def test_two_at_once_with_different_files_of_the_same_dates_do_not_both_land(home: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one" / "cpt-2026.txt", tmp_path / "other" / "cpt-2026.txt"
    for path, more in ((one, b""), (other, b"99999\tMore\n")):
        path.parent.mkdir()
        path.write_bytes(official.CPT + more)
    answers = sorted(said(running) for running in [start(one), start(other)])
    assert answers[0] == "1 new"
    assert "another file is held as cpt-2026-01-01" in answers[1]
    assert len(names(home)) == 1


@pytest.mark.parametrize("moment", ["reading", "placing"])
def test_an_import_that_is_killed_leaves_all_as_it_was_and_can_be_done_again(
    moment: str, take_in: TakeIn, home: Path, tmp_path: Path
) -> None:
    take_in("cpt-2026.txt")
    before = names(home)
    paths = official.write(tmp_path, "mce-fy2026.json", "icd10cm_order_2026.txt")
    kill = "os.kill(os.getpid(), signal.SIGKILL)"
    patch = {
        "reading": f"store.Release.model_dump_json = lambda _: {kill}",
        # The first of two is in its place.
        "placing": f"moved = []\nmove = Path.replace\n"
        f"Path.replace = lambda *args: {kill} if moved else moved.append(move(*args))",
    }[moment]
    running = start(*paths, before=f"import os, signal\nfrom codebook import store\n{patch}")
    said(running)
    assert running.returncode == -signal.SIGKILL
    assert [book for book in books() if holdings.of_book(book)] == ["cpt"], "a part of an import is no import"
    assert len(names(home)) > len(before), "what was being written is left behind"
    assert holdings.damaged_files() == ()
    assert sum(one.new for one in import_files(paths, (None, None), TODAY)) == 2
    assert len(names(home)) == len(before) + 2, "and is cleared away by the next import"


@pytest.mark.parametrize("what", ["home", "releases"])
def test_a_home_that_cannot_be_written_is_one_line(what: str, home: Path, tmp_path: Path) -> None:
    (path,) = official.write(tmp_path, "cpt-2026.txt")
    blocked = home if what == "home" else home / "releases"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file where the folder should be")
    with pytest.raises(ImportFault) as refused:
        import_files([path], (None, None), TODAY)
    (line,) = refused.value.faults
    assert line.startswith("the releases folder cannot be written: ")


def test_releases_that_cannot_be_put_into_their_places_are_not_there(
    take_in: TakeIn, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[Path] = []
    move = Path.replace

    def fails_later(part: Path, path: Path) -> Path:
        if moved:
            raise OSError(28, "No space left on device")
        moved.append(path)
        return move(part, path)

    with monkeypatch.context() as full:
        full.setattr(Path, "replace", fails_later)
        with pytest.raises(ImportFault, match="could not be stored: No space left on device"):
            take_in("mce-fy2026.json", "cpt-2026.txt")
    assert moved
    assert not any(holdings.of_book(book) for book in books())
    assert [one.new for one in take_in("mce-fy2026.json", "cpt-2026.txt")] == [True, True]
    assert len(names(home)) == 2


def test_a_folder_without_write_permission(take_in: TakeIn, home: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    take_in("cpt-2026.txt")
    (path,) = official.write(tmp_path, "mce-fy2026.json")
    (home / "releases").chmod(0o500)
    with pytest.raises(ImportFault, match="cannot be written: Permission denied"):
        import_files([path], (None, None), TODAY)
    with pytest.raises(BookError, match="cannot be removed: Permission denied"):
        remove("cpt-2026-01-01")


def test_what_is_no_file_or_too_large_is_one_line(home: Path, tmp_path: Path) -> None:
    folder, absent, pipe, huge = (tmp_path / name for name in ("folder", "absent.zip", "pipe", "huge.txt"))
    folder.mkdir()
    os.mkfifo(pipe)
    with huge.open("wb") as sparse:
        sparse.truncate(5_000_000_000)
    with pytest.raises(ImportFault) as refused:
        import_files([folder, absent, pipe, huge], (None, None), date(2026, 8, 1))
    assert refused.value.faults == (
        "folder: that is not a file",
        "absent.zip: there is no such file",
        "pipe: that is not a file",
        "huge.txt: the file is larger than any official file",
    )
    assert not (home / "releases").exists()


def test_archives_within_archives(take_in: TakeIn) -> None:
    content = official.FILES["mce-fy2026.json"]
    for number in range(3):
        content = official.zipped(**{f"inner-{number}__{'zip' if number else 'json'}": content})
    (taken,) = take_in(given=(date(2025, 10, 1), None), **{"fy2026__zip": content})
    assert taken.release.id == "mce-2025-10-01"
    deeper = official.zipped(again__zip=content)
    with pytest.raises(ImportFault, match="holds more than any official file does"):
        take_in(given=(date(2025, 10, 1), None), **{"deeper__zip": deeper})
    broken = official.zipped(again__zip=content[:-30])
    with pytest.raises(ImportFault, match="cut short or corrupt"):
        take_in(given=(date(2025, 10, 1), None), **{"broken__zip": broken})


def test_a_workbook_is_not_what_is_wanted(take_in: TakeIn) -> None:
    workbook = cms_files.as_zip({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"})
    with pytest.raises(ImportFault, match="import the text or CSV file that is published beside it"):
        take_in(**{"2026-mappings__xlsx": workbook})
