"""Small files in each official form, written here: whole by the rules of their form, with made-up or well-known content."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

from tests.codebook import cms_files

CHAPTERS = {
    1: "A",
    2: "C",
    3: "D",
    4: "E",
    5: "F",
    6: "G",
    7: "H",
    8: "H",
    9: "I",
    10: "J",
    11: "K",
    12: "L",
    13: "M",
    14: "N",
    15: "O",
    16: "P",
    17: "Q",
    18: "R",
    19: "S",
    20: "V",
    21: "Z",
}


def tabular(version: str = "2026", extra: str = "", notes: str = "") -> bytes:
    """A Tabular List of one block and one category a chapter; ``extra`` are diagnoses of the first block."""
    chapters = []
    for number, letter in CHAPTERS.items():
        block = f"{letter}{number:02}-{letter}{number + 50}"
        more, its_notes = (extra, notes) if number == 1 else ("", "")
        chapters.append(
            f"<chapter><name>{number}</name><desc>Chapter of {letter} ({block})</desc>"
            f'<sectionIndex><sectionRef first="x" last="y" id="{block}">Things</sectionRef></sectionIndex>'
            f'<section id="{block}"><desc>Things of {letter} ({block})</desc>{its_notes}'
            f"<diag><name>{letter}{number:02}</name><desc>Category {letter}</desc>"
            f"<diag><name>{letter}{number:02}.1</name><desc>Thing {number} of the {letter} kind</desc></diag></diag>"
            f"{more}</section></chapter>"
        )
    body = "".join(chapters)
    inside = f"<ICD10CM.tabular><version>{version}</version>{body}</ICD10CM.tabular>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n{inside}\n'.encode()


def diagnosis(code: str, title: str, inside: str = "") -> str:
    return f"<diag><name>{code}</name><desc>{title}</desc>{inside}</diag>"


def index(title: str = "ICD-10-CM INDEX TO DISEASES and INJURIES", version: str = "2026", terms: str = "") -> bytes:
    letters = "".join(
        f"<letter><title>{letter}</title>{terms if letter == 'A' else ''}"
        f"<mainTerm><title>{letter}word</title><code>{letter}01.1</code></mainTerm></letter>"
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )
    inside = f"<ICD10CM.index><version>{version}</version><title>{title}</title>{letters}</ICD10CM.index>"
    return f'<?xml version="1.0"?>\n{inside}\n'.encode()


TERMS = (
    "<mainTerm><title>Ache<nemod>(dull) (sharp)</nemod></title><code>R52</code>"
    '<term level="1"><title>back</title><code>M54.9</code>'
    '<term level="2"><title>low</title><code>M54.5-</code></term></term>'
    '<term level="1"><title>elbow</title><see>Pain, joint, elbow</see></term>'
    '<term level="1"><title>with</title><seeAlso>Ague</seeAlso></term></mainTerm>'
    "<mainTerm><title>Ague</title><seeAlso>Malaria</seeAlso><code>B54</code></mainTerm>"
)


def table(first: str = "Substance", version: str = "2026") -> bytes:
    """A Table of Drugs (``Substance``) or of Neoplasms (``Neoplasm``)."""
    heads = (
        ("Poisoning Accidental (unintentional)", "Poisoning Intentional self-harm")
        if first == "Substance"
        else ("Malignant Primary", "Malignant Secondary")
    )
    columns = f'<head col="1">{first}</head>' + "".join(f'<head col="{n}">{head}</head>' for n, head in enumerate(heads, 2))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if first == "Substance" else "N"
    body = "".join(
        f"<letter><title>{letter}</title><mainTerm><title>{letter}ine</title>"
        '<cell col="2">T51.0X1</cell><cell col="3">--</cell></mainTerm></letter>'
        for letter in letters
    )
    text = f"<ICD10CM.index><version>{version}</version><indexHeading>{columns}</indexHeading>{body}</ICD10CM.index>"
    return f'<?xml version="1.0"?>\n{text}\n'.encode()


def order(codes: list[tuple[str, str, str]]) -> bytes:
    """An order file: code, ``1`` for a billable one, title."""
    lines = [f"{n:05} {code:<7} {flag} {title[:60]:<60} {title}\r\n" for n, (code, flag, title) in enumerate(codes, 1)]
    return "".join(lines).encode()


PCS = [
    row
    for section in "0123456789BCDFGHX"
    for row in (
        (f"{section}01", "0", f"Table {section}01"),
        (f"{section}01B0ZZ", "1", f"Release of {section}"),
        (f"{section}01B3ZZ", "1", f"Release of {section}, percutaneous"),
    )
]
CM = [
    row
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for row in ((f"{letter}01", "0", letter), (f"{letter}011", "1", f"{letter} one"))
]


def codes(rows: list[tuple[str, str, str]]) -> bytes:
    return "".join(f"{code} {title}\r\n" for code, flag, title in rows if flag == "1").encode()


def poa(found: tuple[str, ...] = ("B90.0", "S02.0XXD", "Z99.89")) -> bytes:
    lines = [f'{n:05}\t{code}\t"A title, quoted"\r\n' for n, code in enumerate(found, 1238)]
    return ("Order26\tPOAexemptCode\tDescription\r\n" + "".join(lines)).encode()


def mce(**changes: object) -> bytes:
    value = {
        "description": "CMS Medicare Code Editor (MCE) diagnosis edit lists",
        "age_categories": {"newborn": {"min_age": 0, "max_age": 0}},
        "codes": {"manifestation_not_pdx": [{"code": "D630"}], "age_newborn": [{"code": "A33"}]},
        "counts": {"manifestation_not_pdx": 1, "age_newborn": 1},
    }
    return json.dumps(value | changes).encode()


MUE_CSV = (
    b'"CPT codes and descriptions are copyright American Medical Association."\r\n'
    b'"HCPCS/\r\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n'
    b"00100,1,2 Date of Service Edit: Policy,CMS Policy\r\n"
    b"36415,2,3 Date of Service Edit: Clinical,Clinical: Data\r\n"
    b"V5364,0,1 Line Edit,CMS Policy\r\n"
)


def mue_json() -> bytes:
    rows = [
        ("0001U", 1, "2 Date of Service Edit: Policy"),
        ("36415", 2, "3 Date of Service Edit: Clinical"),
        ("V5364", 0, "1 Line Edit"),
    ]
    name = "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"
    value = [
        {
            "code": code,
            "mue_value": units,
            "effective_date": "2026-03-31",
            "description": f"{kind}|CMS Policy",
            "source_file": name,
        }
        for code, units, kind in rows
    ]
    return json.dumps(value, indent=1).encode()


PTP = (
    b"CPT codes, descriptions and other data only are copyright American Medical Association.\r\n"
    b"Column1/Column2 Edits\r\n"
    b"Column 1\tColumn 2\t*=in existence prior to 1996\tEffective Date\tDeletion Date\tModifier\tPTP Edit Rationale\r\n"
    b"\t\t\t\t*=no data\t0=not allowed\t\r\n"
    b"29881\t29870\t\t20000101\t*\t1\tMisuse of Column Two code with Column One code\r\n"
    b"99215\t99211\t*\t19960101\t*\t0\tMore extensive procedure\r\n"
    b"20610\t20600\t\t20100101\t20240331\t1\tMutually exclusive procedures\r\n"
)


def add_on_json() -> bytes:
    rows = [("99292", "99291", "1", ""), ("0054T", "CCCCC", "2", ""), ("20701", "20700", "1", "2020-12-31")]
    value = [
        {
            "code1": code,
            "code2": primary,
            "edit_type": "AOC",
            "effective_date": "2013-04-01",
            "end_date": end,
            "modifier": kind,
            "description": "Type",
            "metadata": {"source_file": "AOC_V2026Q3-F-MCR.txt"},
        }
        for code, primary, kind, end in rows
    ]
    return json.dumps(value, indent=1).encode()


ADD_ON_TEXT = (
    b"CPT codes are copyright American Medical Association.\r\n"
    b"AOC_Edit_Type\tAdd-On_Code\tAOC_DelDT\tPrimary_Code\tPrimary_Code_DelDT\tAOC_Edit_EffDT\tAOC_Edit_DelDT"
    b"\tSpecial_Instruction_Notes\r\n"
    b"1\t99292\t\t99291\t\t2013091\t\t\r\n"
    b"2\t0054T\t\tCCCCC\t\t2013091\t\tContractor Defined Primary Codes\r\n"
    b"1\t20701\t2020366\t20700\t\t2020001\t\t\r\n"
)


def hcpcs_records() -> bytes:
    def record(code: str, kind: str, text: str, added: str = "", finish: str = "") -> str:
        return f"{code:<5}00100{kind}{text:<80}{text[:28]:<28}".ljust(268) + f"{added:<8}{'':<8}{finish:<8}N"

    lines = [
        record("A0428", "3", "Ambulance service, basic life support,", "19960101"),
        record("A0428", "4", "non-emergency transport"),
        record("J0120", "3", "Injection of something no longer made", "19820101", "20251231"),
        record("   25", "7", "A modifier"),
        record("V5364", "3", "Dysphagia screening", "19990101"),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


HCPCS_LIST = b"A0021\nA0428\nJ1885\nV5364\n"
CPT = (
    b"CPT descriptors of the licensee\n99213\tOffice visit as the licensee's file words it\n99214\tAnother\n"
    b"27447\tKnee\n0001U\tTest\n36415\tDraw\n"
)


def guidelines(last: str = "Appendix I\nPresent on admission\nReporting.") -> bytes:
    """The guidelines in text: the outline of the publication with a few words a section."""
    body = [
        "Section I. Conventions, general coding guidelines and chapter specific guidelines",
        "Introductory words.",
        "A. Conventions for the ICD-10-CM",
        "1. The Alphabetic Index and Tabular List",
        "Words of the index.",
        "2. Format and Structure:",
        "A list in a text does not begin a section:",
        "7. this is not the next number",
        "B. General Coding Guidelines",
        "1. Locating a code in the ICD-10-CM",
        "Locate it.",
        "C. Chapter-Specific Coding Guidelines",
        "1. Chapter 1: Certain Infectious and Parasitic Diseases (A00-B99)",
        "a. Things of the first",
        "kind",
        "1) Only confirmed cases",
        "Text of confirmed cases.",
        *(f"({letter}) Part {letter}\nText {letter}." for letter in "abcdefgh"),
        "(i) Letter, not numeral",
        "Text i.",
        "(j) Part j",
        "(i) Numeral one",
        "(ii) Numeral two",
    ]
    pages = [
        "ICD-10-CM Official Guidelines for Coding and Reporting\nFY 2026 -- UPDATED October 1, 2025\n"
        "(October 1, 2025 - September 30, 2026)\nSection I. Conventions ..........................7\nA. Conventions ........7\n",
        "\n".join(body) + "\n",
        "Section II. Selection of Principal Diagnosis\nWords.\nSection III. Reporting Additional Diagnoses\nWords.\n",
        f"Section IV. Diagnostic Coding and Reporting Guidelines for Outpatient Services\nA. First-listed\nWords.\n{last}\n",
    ]
    footer = "ICD-10-CM Official Guidelines for Coding and Reporting\nFY 2026\nPage {} of 4\n"
    return "".join(f"{page}{footer.format(n)}" for n, page in enumerate(pages, 1)).encode()


def zipped(**members: bytes) -> bytes:
    """A zip archive; in a name, two underscores stand for a dot."""
    wrapped = io.BytesIO()
    with zipfile.ZipFile(wrapped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return wrapped.getvalue()


FILES: dict[str, bytes] = {
    "icd10cm-tabular-April-1-2026.xml": tabular(),
    "icd10cm-index-April-1-2026.xml": index(terms=TERMS),
    "icd10cm-eindex-April-1-2026.xml": index("ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX"),
    "icd10cm-drug-April-1-2026.xml": table(),
    "icd10cm-neoplasm-April-1-2026.xml": table("Neoplasm"),
    "icd10cm_order_2026.txt": order(CM),
    "icd10cm_codes_2026.txt": codes(CM),
    "icd10pcs-order-2026.zip": zipped(icd10pcs_order_2026__txt=order(PCS), order_addenda_2026__txt=b"Add:         00160J6 A\r\n"),
    "icd10pcs_codes_2026.txt": codes(PCS),
    "POAexemptCodesFY26.zip": zipped(POAexemptCodesFY26__txt=poa(), POAexemptAddCodesFY26__txt=poa(("B90.0", "Z99.89"))),
    "fy2026-guidelines.txt": guidelines(),
    "mce-fy2026.json": mce(),
    "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv": MUE_CSV,
    "ccipra-v322r0-f1.TXT": PTP,
    "ccioph-v322r0.TXT": PTP,
    "add-on.json": add_on_json(),
    "HCPC2026_JUL_ANWEB.txt": hcpcs_records(),
    "hcpcs_level2_2026q3.txt.gz": gzip.compress(HCPCS_LIST),
    "cpt-2026.txt": CPT,
    **cms_files.FILES,
}


def write(folder: Path, *names: str) -> list[Path]:
    """Write files of these names, all of them when none is named."""
    paths = []
    for name in names or FILES:
        paths.append(folder / name)
        paths[-1].write_bytes(FILES[name])
    return paths
