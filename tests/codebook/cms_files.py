"""Small files in the forms CMS publishes its complication lists, risk adjustment mappings and coverage articles in.

Written from public descriptions of those forms; no publication was at hand.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

DESCRIPTOR = "Words of the descriptor that are the AMA's"


def complications(table: str, codes: Iterable[str], year: str = "") -> bytes:
    """Table 6I (``"6I - COMPLETE MCC LIST"``) or 6J, or one of their changes."""
    lines = [f"TABLE {table}{year}", "Diagnosis Code\tDescription", *(f"{code}\tTitle of {code}" for code in codes)]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


MCC = complications("6I - COMPLETE MCC LIST", ("A021", "J9601", "U071"))
CC = complications("6J - COMPLETE CC LIST", ("A000", "E1100", "Z9912"))
MODELS = ("CMS-HCC\nESRD\nModel\nCategory\nV24", "CMS-HCC\nModel\nCategory\nV28", "RxHCC\nModel\nCategory\nV08")


def hcc(paid_in: int = 2026, rows: Sequence[Sequence[str]] = (), notes: bool = True) -> bytes:
    """A mapping of three models: title, years, heading over several lines, rows, notes."""
    heading = ["Diagnosis\nCode", "Description", *MODELS, *(f"{model} for {paid_in}\nPayment Year" for model in MODELS)]
    table = [
        ['ICD-10-CM Codes, ESRD, CMS-HCC and RxHCC Models, "initial"'],
        [f"Includes ICD-10 codes valid in FY{paid_in - 1} and FY{paid_in}"],
        [],
        heading,
        ["A021", "A sepsis", "2", "2", "", "Yes", "Yes", "No"],
        ["B377", "A sepsis", "2", "2", "5", "Yes", "Yes", "Yes"],
        ["B377", "A sepsis", "6", "6", "", "Yes", "No", "--"],
        ["E1165", "A diabetes, with hyperglycemia", "18", "37", "30", "Yes", "Yes", "Yes"],
        *rows,
        ["Z992", "Dependence", "134", "", "261", "Yes", "No", "Yes"],
        ["Z992", "Dependence", "134", "", "261", "Yes", "No", "Yes"],
    ]
    if notes:
        table += [[], ["Notes:"], ["1. A code may repeat."]]
    wide = [[*row, *[""] * (len(heading) - len(row))] for row in table]
    return as_csv(wide)


ARTICLE = ("article_id", "article_version", "title", "description", "status", "last_updated", "article_eff_date")
ENDS = ("article_end_date", "article_rev_end_date", "date_retired")
CONTRACTOR = ("contractor_id", "contractor_type_id", "contractor_version")
Table = list[Sequence[str]]


def coverage_tables() -> dict[str, Table]:
    """The tables of an export: 100 covers E11.65 for 82947 and excludes I10, 200 has two groups of services, 300 is retired,
    400 lists only what does not support, 500 two groups of diagnoses, 600 begins later, 700 has no service, 800 is proposed."""
    texts = '<p>Words, "quoted",\nover lines.</p>'

    def article(name: str, start: str, *ends: str, status: str = "A", version: str = "7") -> Sequence[str]:
        return (name, version, f"Billing and Coding: {name}", texts, status, "2026-07-14 08:00:00", start, *(ends or ("",) * 3))

    services = [("100", "82947", "1"), ("100", "82948", "1"), ("200", "93000", "1"), ("200", "93010", "2"), ("300", "82947", "1")]
    services += [
        ("400", "70450", "1"),
        ("500", "71046", "1"),
        ("600", "82947", "1"),
        ("800", "82947", "1"),
        ("100", "XXXXX", "1"),
    ]
    covered = [("100", "E11.65", "1", ""), ("100", "R73.9", "1", "Y"), ("200", "I48.91", "1", ""), ("300", "E11.9", "1", "")]
    covered += [("500", "J18.9", "1", ""), ("500", "R05.9", "2", ""), ("600", "E11.9", "1", ""), ("700", "I10", "1", "")]
    excluded = [("100", "I10", "1"), ("400", "R51.9", "1"), ("100", "XX000", "1")]
    names = ("100", "200", "300", "400", "500", "600", "700", "800")
    return {
        "article.csv": [
            (*ARTICLE, *ENDS),
            article("100", "2026-01-01 00:00:00"),
            article("200", "2026-01-01 00:00:00"),
            article("300", "2020-01-01 00:00:00", "", "", "2026-03-31 00:00:00", status="R"),
            article("400", "2026-01-01 00:00:00"),
            article("500", "2026-01-01 00:00:00"),
            article("600", "2026-08-15 00:00:00", status="F"),
            article("700", "2026-01-01 00:00:00"),
            article("800", "2026-01-01 00:00:00", status="P"),
        ],
        "article_x_hcpc_code.csv": [
            ("article_id", "article_version", "hcpc_code_id", "hcpc_code_group", "long_description", "short_description"),
            *((name, "7", code, part, DESCRIPTOR, DESCRIPTOR) for name, code, part in services),
        ],
        "article_x_icd10_covered.csv": [
            ("article_id", "article_version", "icd10_code_id", "icd10_covered_group", "description", "asterisk"),
            *((name, "7", code, part, "Words", mark) for name, code, part, mark in covered),
        ],
        "article_x_icd10_noncovered.csv": [
            ("article_id", "article_version", "icd10_code_id", "icd10_noncovered_group", "description"),
            *((name, "7", code, part, "Words") for name, code, part in excluded),
        ],
        "article_x_contractor.csv": [
            ("article_id", "article_version", *CONTRACTOR),
            *((name, "7", "9", "1", "2") for name in names),
        ],
        "contractor.csv": [(*CONTRACTOR, "contractor_bus_name", "contractor_number"), ("9", "1", "2", "A contractor", "04412")],
        "article_related_documents.csv": [("article_id", "article_version", "r_lcd_id"), ("100", "7", "33000")],
        "article_future_retire.csv": [("article_id", "retire_dt"), ("500", "09/15/2026")],
    }


def coverage(changes: dict[str, Table | None] | None = None) -> bytes:
    """The export as it is downloaded: an archive with a list of terms in it, and an archive of the tables."""
    tables = coverage_tables() | (changes or {})
    inner = as_zip({name: as_csv(rows) for name, rows in tables.items() if rows is not None})
    return as_zip({"current_article_csv.zip": inner, "readme.txt": b"Terms of use.\r\n"})


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()


def as_zip(members: dict[str, bytes]) -> bytes:
    wrapped = io.BytesIO()
    with zipfile.ZipFile(wrapped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return wrapped.getvalue()


def tables_six() -> bytes:
    """The archive of Tables 6A-6K: within another, the lists, their changes, and a workbook of the same."""
    inner = as_zip(
        {
            "CMS-1833-F Table 6I - Complete MCC List - FY 2026.txt": MCC,
            "CMS-1833-F Table 6I.1 - Additions to the MCC List - FY 2026.txt": complications(
                "6I.1 - ADDITIONS TO THE MCC LIST", ("A021",)
            ),
            "CMS-1833-F Table 6J - Complete CC List - FY 2026.txt": CC,
            "CMS-1833-F Tables 6A-6J.2.xlsx": as_zip({"xl/workbook.xml": b"<workbook/>"}),
        }
    )
    return as_zip({"CMS-1833-F Tables 6A-6K v430.zip": inner})


FILES: dict[str, bytes] = {
    "CMS-1833-F Table 6I - Complete MCC List - FY 2026.txt": MCC,
    "CMS-1833-F Table 6J - Complete CC List - FY 2026.txt": CC,
    "2026 Midyear Final ICD-10-CM Mappings.csv": hcc(),
    "2027 Initial ICD-10-CM Mappings.csv": hcc(),
    "current_article.zip": coverage(),
}
