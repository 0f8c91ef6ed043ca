"""Official files taken in: recognised by content, dated, all or nothing, the same again changes nothing."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codebook import holdings, store
from codebook.books import books
from codebook.importing import ImportFault, Taken, import_files, remove
from tests.codebook import official
from tests.codebook.conftest import TODAY

TakeIn = Callable[..., list[Taken]]


def held(home: Path) -> dict[str, bytes]:
    folder = home / "releases"
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


EXPECTED = {
    "icd10cm-tabular-April-1-2026.xml": ("icd10cm-2026-04-01", date(2026, 9, 30)),
    "icd10cm-index-April-1-2026.xml": ("icd10cm_index-2026-04-01", date(2026, 9, 30)),
    "icd10cm-eindex-April-1-2026.xml": ("icd10cm_external-2026-04-01", date(2026, 9, 30)),
    "icd10cm-drug-April-1-2026.xml": ("icd10cm_drug-2026-04-01", date(2026, 9, 30)),
    "icd10cm-neoplasm-April-1-2026.xml": ("icd10cm_neoplasm-2026-04-01", date(2026, 9, 30)),
    "icd10cm_order_2026.txt": ("icd10cm_codes-2025-10-01", date(2026, 9, 30)),
    "icd10cm_codes_2026.txt": ("icd10cm_codes-2025-10-01-codes", date(2026, 9, 30)),
    "icd10pcs-order-2026.zip": ("icd10pcs-2025-10-01", date(2026, 9, 30)),
    "icd10pcs_codes_2026.txt": ("icd10pcs-2025-10-01-codes", date(2026, 9, 30)),
    "POAexemptCodesFY26.zip": ("poa_exempt-2025-10-01", date(2026, 9, 30)),
    "fy2026-guidelines.txt": ("guidelines-2025-10-01-text", date(2026, 9, 30)),
    "mce-fy2026.json": ("mce-2025-10-01", date(2026, 9, 30)),
    "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv": ("mue_practitioner-2026-04-01", date(2026, 6, 30)),
    "ccipra-v322r0-f1.TXT": ("ptp_practitioner-2026-07-01-f1", date(2026, 9, 30)),
    "ccioph-v322r0.TXT": ("ptp_hospital-2026-07-01", date(2026, 9, 30)),
    "add-on.json": ("ncci_add_on-2026-07-01", date(2026, 9, 30)),
    "HCPC2026_JUL_ANWEB.txt": ("hcpcs-2026-07-01", date(2026, 9, 30)),
    "hcpcs_level2_2026q3.txt.gz": ("hcpcs-2026-07-01-list", date(2026, 9, 30)),
    "cpt-2026.txt": ("cpt-2026-01-01", date(2026, 12, 31)),
    "CMS-1833-F Table 6I - Complete MCC List - FY 2026.txt": ("mcc-2025-10-01", date(2026, 9, 30)),
    "CMS-1833-F Table 6J - Complete CC List - FY 2026.txt": ("cc-2025-10-01", date(2026, 9, 30)),
    "2026 Midyear Final ICD-10-CM Mappings.csv": ("hcc-2025-01-01", date(2025, 12, 31)),
    "2027 Initial ICD-10-CM Mappings.csv": ("hcc-2026-01-01-initial", date(2026, 12, 31)),
    "current_article.zip": ("coverage-2026-07-14", date(2026, 9, 30)),
}


def test_every_form_has_its_example_here() -> None:
    assert set(EXPECTED) == set(official.FILES)
    forms = {(book.id, form) for book in books().values() for form in book.forms}
    made = {taken.rpartition("-20")[0] for taken, _ in EXPECTED.values()}
    assert {book for book, _ in forms} - made == {"mue_hospital", "mue_supplier"}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_is_recognised_by_its_content_and_dated(name: str, take_in: TakeIn) -> None:
    (taken,) = take_in(name)
    release = taken.release
    assert taken.new
    assert (release.id, release.end) == EXPECTED[name]
    assert len(release.sha256) == 64
    assert release.entries >= 1
    assert release.publisher == books()[release.book].publisher
    assert [one.release for one in holdings.of_book(release.book)] == [release]


def test_all_together_and_twice_changes_nothing(take_in: TakeIn, home: Path) -> None:
    first = take_in(*official.FILES)
    before = held(home)
    second = take_in(*official.FILES)
    assert [one.release for one in first] == [one.release for one in second]
    assert not any(one.new for one in second)
    assert held(home) == before
    assert len(before) == len(official.FILES)


@pytest.mark.parametrize("name", official.FILES)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.995])
def test_a_file_cut_short_is_refused_and_leaves_all_as_it_was(
    name: str, share: float, take_in: TakeIn, home: Path, tmp_path: Path
) -> None:
    take_in("icd10cm-tabular-April-1-2026.xml" if name != "icd10cm-tabular-April-1-2026.xml" else "cpt-2026.txt")
    before = held(home)
    whole = official.FILES[name]
    path = tmp_path / f"{name}"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ImportFault) as refused:
        import_files([path], (None, None), TODAY)
    (line,) = refused.value.faults
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert held(home) == before


@pytest.mark.parametrize("name", ["icd10pcs-order-2026.zip", "POAexemptCodesFY26.zip", "hcpcs_level2_2026q3.txt.gz"])
def test_a_wrapped_file_with_a_wrong_byte_is_corrupt(name: str, take_in: TakeIn, home: Path) -> None:
    content = bytearray(official.FILES[name])
    content[len(content) // 3] ^= 0xFF
    with pytest.raises(ImportFault, match=r"cut short or corrupt|not a line|numbered|not a HCPCS"):
        take_in(**{name.replace(".", "__"): bytes(content)})
    assert held(home) == {}


def test_one_bad_file_keeps_the_good_ones_out(take_in: TakeIn, home: Path) -> None:
    with pytest.raises(ImportFault) as refused:
        take_in("cpt-2026.txt", "mce-fy2026.json", bad__txt=b"a letter to somebody\n", worse__xml=b"<ICD10CM.tabular><vers")
    assert [line.partition(":")[0] for line in refused.value.faults] == ["bad.txt", "worse.xml"]
    assert held(home) == {}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.xml", b"", "empty"),
        ("letter.txt", b"Dear colleague,\nplease find enclosed\n", "no official file"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "no official file"),
        ("other.xml", b"<?xml version='1.0'?>\n<schema/>\n", "no official file"),
        ("other.json", b'{"a": 1}', "no official file"),
        ("other.zip", official.zipped(readme__txt=b"hello\n"), "no official file"),
        ("changes.txt", b"Add:         02HM3JZ Insertion\r\nDelete:      02HM3KZ Insertion\r\n", "list of changes"),
        ("POAexemptAddCodesFY26.txt", official.poa(), "changes of the POA exempt list"),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><ICD10CM.tabular>&a;</ICD10CM.tabular>', "entities"),
        ("less.xml", official.tabular().replace(b"<name>7</name>", b"<name>77</name>"), "chapter 7 is missing"),
        ("less2.xml", official.tabular().replace(b'<section id="J10-J60">', b'<section id="J11-J60">'), "J10-J60 is named"),
        ("twice.xml", official.tabular(extra=official.diagnosis("A01", "Again")), "A01 twice"),
        ("new.xml", official.tabular(extra="<diag><name>A02</name><desc>x</desc><newTag/></diag>"), "unknown element"),
        ("noyear.xml", official.tabular(version=""), "which year"),
        ("gap.txt", official.order(official.PCS).replace(b"00003 ", b"00004 ", 1), "numbered"),
        ("fewer.txt", official.order(official.PCS[:30]), "not whole"),
        ("double.txt", official.codes([*official.PCS, official.PCS[1]]), "twice"),
        ("mce.json", official.mce(counts={"age_newborn": 2}), "not whole"),
        ("mce2.json", official.mce(age_categories={}), "which ages"),
        ("ptp.txt", official.PTP, "practitioners or for hospitals"),
        ("ccipra.txt", official.PTP.replace(b"20100101\t20240331", b"20100101\t20241331"), "date"),
        ("guide.txt", official.guidelines(last="nothing more"), "Appendix I is missing"),
        ("hcpcs.txt", b"A0021\nJ1885\n", "A codes to V codes"),
        ("hcpcs2.txt", official.hcpcs_records().replace(b"A042800100", b"A042900100", 1), "not there"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(name: str, content: bytes, says: str, take_in: TakeIn, home: Path) -> None:
    with pytest.raises(ImportFault) as refused:
        take_in(**{name.replace(".", "__"): content})
    (line,) = refused.value.faults
    assert says in line
    assert held(home) == {}


@pytest.mark.parametrize(
    ("name", "version", "given", "says"),
    [
        ("icd10cm-tabular-April-2025.xml", "2026", (None, None), "fiscal year 2026, its name says 2025-04-01"),
        ("FY25.tabular.xml", "2026", (None, None), "its name says 2024-10-01"),
        ("tabular.xml", "2026", (date(2024, 10, 1), date(2025, 9, 30)), "not within"),
        ("tabular.xml", "2026", (None, date(2027, 9, 30)), "not within"),
        ("tabular.xml", "2014", (None, None), "ICD-10 code sets are in force from"),
        ("tabular.xml", "2029", (None, None), "so far ahead"),
        ("tabular.xml", "2026", (date(2026, 4, 1), date(2026, 3, 1)), "before it starts"),
    ],
)
def test_a_wrong_year_is_refused(
    name: str, version: str, given: tuple[date | None, date | None], says: str, take_in: TakeIn, home: Path
) -> None:
    with pytest.raises(ImportFault, match=says):
        take_in(given=given, **{name.replace(".", "__"): official.tabular(version)})
    assert held(home) == {}


def test_an_archive_may_say_the_date_more_exactly_than_the_file_in_it(take_in: TakeIn) -> None:
    content = official.zipped(icd10cm_tabular_2026__xml=official.tabular())
    (taken,) = take_in(**{"april-1-2026-code-tables-tabular-and-index__zip": content})
    assert (taken.release.id, taken.release.end) == ("icd10cm-2026-04-01", date(2026, 9, 30))


def test_a_name_that_contradicts_what_is_known_of_a_file_is_refused(take_in: TakeIn, home: Path) -> None:
    with pytest.raises(ImportFault, match="in force from 2026-04-01 to 2026-06-30, its name says 2020-01-01"):
        take_in(mue_2020q1__json=official.mue_json())
    with pytest.raises(ImportFault, match="its name says 2023-10-01 to 2024-09-30"):
        take_in(**{"POAexemptCodesFY24__zip": official.zipped(POAexemptCodesFY26__txt=official.poa())})
    assert held(home) == {}
    (taken,) = take_in(**{"POAexemptCodesFY24__zip": official.zipped(list__txt=official.poa())})
    assert taken.release.start == date(2023, 10, 1)


@pytest.mark.parametrize(
    ("name", "given", "period"),
    [
        ("tabular.xml", (None, None), (date(2025, 10, 1), date(2026, 9, 30))),
        ("tabular.xml", (date(2026, 4, 1), None), (date(2026, 4, 1), date(2026, 9, 30))),
        ("icd10cm-tabular-2026.xml", (None, None), (date(2025, 10, 1), date(2026, 9, 30))),
        ("icd10cm-tabular-April-2026.xml", (None, None), (date(2026, 4, 1), date(2026, 9, 30))),
        ("icd10cm_tabular_January-1-2026.xml", (None, date(2026, 3, 31)), (date(2026, 1, 1), date(2026, 3, 31))),
    ],
)
def test_dates_of_a_file(name: str, given: tuple[date | None, date | None], period: tuple[date, date], take_in: TakeIn) -> None:
    (taken,) = take_in(given=given, **{name.replace(".", "__"): official.tabular()})
    assert (taken.release.start, taken.release.end) == period


def test_a_file_that_says_no_date_needs_one(take_in: TakeIn) -> None:
    with pytest.raises(ImportFault, match="give --start"):
        take_in(mce__json=official.mce())
    (taken,) = take_in(given=(date(2025, 10, 1), None), mce__json=official.mce())
    assert taken.release.end == date(2026, 9, 30)


def test_another_file_of_the_same_dates_does_not_slip_in(take_in: TakeIn, home: Path) -> None:
    take_in("icd10cm-tabular-April-1-2026.xml")
    before = held(home)
    other = official.tabular(extra=official.diagnosis("A02", "New"))
    with pytest.raises(ImportFault, match="another file is held as icd10cm-2026-04-01"):
        take_in(**{"icd10cm-tabular-April-1-2026__xml": other})
    assert held(home) == before
    remove("icd10cm-2026-04-01")
    (taken,) = take_in(**{"icd10cm-tabular-April-1-2026__xml": other})
    assert taken.new


def test_a_held_file_keeps_its_dates(take_in: TakeIn) -> None:
    take_in("icd10cm-tabular-April-1-2026.xml")
    with pytest.raises(ImportFault, match=r"this file is held as .* remove that first"):
        take_in("icd10cm-tabular-April-1-2026.xml", given=(date(2026, 5, 1), None))


def test_a_damaged_release_is_said_and_mended_by_importing_again(take_in: TakeIn, home: Path) -> None:
    take_in("cpt-2026.txt")
    (path,) = (home / "releases").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    with pytest.raises(Exception, match="damaged"):
        holdings.of_book("cpt")
    assert holdings.damaged_files() == (path.name,)
    (taken,) = take_in("cpt-2026.txt")
    assert taken.new
    assert store.release_of(path) is not None


def test_what_an_archive_holds_beside_the_book_is_named(take_in: TakeIn) -> None:
    (taken,) = take_in("POAexemptCodesFY26.zip")
    assert taken.unread == ("POAexemptAddCodesFY26.txt",)


def test_one_archive_may_hold_several_books(take_in: TakeIn) -> None:
    together = official.zipped(
        **{"icd10cm-tabular-April-1-2026__xml": official.tabular(), "icd10cm-index-April-1-2026__xml": official.index()}
    )
    taken = take_in(april__zip=together)
    assert [one.release.id for one in taken] == ["icd10cm-2026-04-01", "icd10cm_index-2026-04-01"]


def test_leftover_texts_are_counted_and_kept(take_in: TakeIn) -> None:
    notes = "<excludes1><note>something else - see elsewhere</note><note>a thing (B12.1)</note><note>list:</note></excludes1>"
    (taken,) = take_in(tabular__xml=official.tabular(notes=notes))
    assert taken.release.leftover == 1
    (path,) = (one.path for one in holdings.of_book("icd10cm"))
    ((why, text, times),) = store.leftover_of(path)
    assert "names no code" in why
    assert (text, times) == ("something else - see elsewhere", 1)


def test_an_old_encoding_is_read(take_in: TakeIn) -> None:
    rows = list(official.PCS)
    rows[1] = (rows[1][0], "1", "Ménière procedure")
    take_in(icd10pcs_order_2026__txt=official.order(rows).decode().encode("cp1252"))
    (found,) = [holdings.find("icd10pcs", date(2026, 1, 1))]
    assert found is not None
    title = found.connection.execute("SELECT title FROM code WHERE code = ?", (rows[1][0],)).fetchone()[0]
    assert title == "Ménière procedure"


def test_a_gzip_file_without_its_end_is_corrupt(take_in: TakeIn) -> None:
    whole = gzip.compress(official.HCPCS_LIST)
    with pytest.raises(ImportFault, match="gzip file is cut short"):
        take_in(hcpcs_2026q3__txt__gz=whole[:-6])
