"""The Alphabetic Index of ICD-10-CM and its tables in the official XML form: diseases, external causes, neoplasms, drugs."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.reference import CODE
from codebook.release import BookError
from codebook.store import rows

SCHEMA = """
-- one row a term in the order of the index; parent is 0 for a main term; modifiers and cells are JSON
CREATE TABLE term (
    id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, level INTEGER NOT NULL, title TEXT NOT NULL, modifiers TEXT NOT NULL,
    code TEXT NOT NULL, manifestation TEXT NOT NULL, see TEXT NOT NULL, see_also TEXT NOT NULL, category TEXT NOT NULL,
    cells TEXT NOT NULL, folded TEXT NOT NULL
);
CREATE INDEX term_parent ON term (parent, folded);
CREATE INDEX term_folded ON term (level, folded);
"""
_HEAD = 4096
_KNOWN = frozenset({"title", "see", "seeAlso", "code", "seecat", "subcat", "manif", "warning", "cell", "term", "diff", "note"})
_MODIFIER = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_CODE = re.compile(rf"{CODE}-*")
_NO_CODE = frozenset({"", "-", "--"})
_CSV = "RowID,Letter,Level,Term,See,SeeAlso,NonEssModif,Code"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Term(NamedTuple):
    """One row as it is stored."""

    id: int
    parent: int
    level: int
    title: str
    modifiers: str
    code: str
    manifestation: str
    see: str
    see_also: str
    category: str
    cells: str
    folded: str


def read(source: Source) -> Intake | None:
    """The index or table in a file; None when the file is something else. BookError when it is one but not whole."""
    if source.is_xml and b"<ICD10CM.index" in source.content[:_HEAD]:
        return _Reader(source.root).intake(source)
    if source.head and source.head[0].strip() == _CSV:
        return _read_csv(source)
    return None


def fold(title: str) -> str:
    """A title as it is looked up: small letters, single blanks."""
    return " ".join(title.casefold().split())


class _Reader:
    def __init__(self, root: ElementTree.Element) -> None:
        self.root = root
        self.count = 0
        self.left: list[tuple[str, str]] = []
        self.heads = {one.get("col", ""): _words(one) for one in root.findall("indexHeading/head")}

    def intake(self, source: Source) -> Intake:
        book = self._book()
        version = _text(self.root, "version")
        if not re.fullmatch(r"20\d\d", version):
            raise BookError("the index does not say of which year it is")
        letters = self.root.findall("letter")
        _whole(book, [_text(letter, "title") for letter in letters])
        found = [term for letter in letters for main in letter.findall("mainTerm") for term in self._term(main, 0, 0)]
        return Intake(book, rows(SCHEMA, "term", found, self.left), source.name, "xml", fiscal_year=int(version))

    def _book(self) -> str:
        first = self.heads.get("1", "").casefold()
        title = _text(self.root, "title").casefold()
        if first == "substance":
            return "icd10cm_drug"
        if first == "neoplasm":
            return "icd10cm_neoplasm"
        if "external cause" in title:
            return "icd10cm_external"
        if "diseases" in title:
            return "icd10cm_index"
        raise BookError("the file is an index of no known kind")

    def _term(self, element: ElementTree.Element, parent: int, level: int) -> Iterator[Term]:
        self.count += 1
        number = self.count
        title, modifiers = _titled(element.find("title"))
        if not (title or modifiers):
            raise BookError(f"the index has a term without a title (term {number})")
        self._note_unknown(element, title)
        category = " ".join(_text(element, tag) for tag in ("seecat", "subcat")).strip()
        yield Term(
            id=number,
            parent=parent,
            level=level,
            title=title,
            modifiers=json.dumps(modifiers),
            code=self._code(element, title),
            manifestation=_text(element, "manif"),
            see=_text(element, "see"),
            see_also=_text(element, "seeAlso"),
            category=category,
            cells=json.dumps(self._cells(element, title)),
            folded=fold(title or modifiers[0]),
        )
        for below in element.findall("term"):
            yield from self._term(below, number, level + 1)

    def _note_unknown(self, element: ElementTree.Element, title: str) -> None:
        for child in element:
            if child.tag not in _KNOWN:
                self.left.append((f"element {child.tag} of the term {title}", _words(child)))

    def _code(self, element: ElementTree.Element, title: str) -> str:
        code = _text(element, "code")
        if code and not _CODE.fullmatch(code):
            self.left.append((f"code of the term {title}", code))
            return ""
        return code

    def _cells(self, element: ElementTree.Element, title: str) -> dict[str, str]:
        cells = {}
        for cell in element.findall("cell"):
            code, column = _words(cell), self.heads.get(cell.get("col", ""), "")
            if code in _NO_CODE:
                continue
            if _CODE.fullmatch(code) and column:
                cells[column] = code
            else:
                self.left.append((f"column {column or 'unknown'} of the term {title}", code))
        return cells


def _whole(book: str, letters: list[str]) -> None:
    if book == "icd10cm_neoplasm":
        missing = [] if letters else ["N"]
    else:
        # Only the index of external causes and the table of drugs lack a letter here and there.
        held = {letter.strip().upper()[:1] for letter in letters}
        wanted = _ALPHABET if book == "icd10cm_index" else "ABCDEFGHILMNOPRSTUVW"
        missing = sorted(set(wanted) - held)
    if missing:
        raise BookError(f"the index is not whole: letter {', '.join(missing[:5])} is missing")


def _read_csv(source: Source) -> Intake:
    found: list[Term] = []
    path: list[int] = []
    letters = []
    for number, row in enumerate(csv.reader(source.lines[1:]), 1):
        if len(row) != 8 or not (row[0].isdigit() and row[2].isdigit() and int(row[2]) <= len(path)):
            raise BookError(f"line {number + 1} is not a line of an index: it is cut short or corrupt")
        level = int(row[2])
        del path[level:]
        parent = path[-1] if path else 0
        path.append(number)
        letters.append(row[1])
        title = " ".join(row[3].split())
        modifiers = json.dumps(_modifiers(row[6]))
        code = row[7].strip() if _CODE.fullmatch(row[7].strip()) else ""
        found.append(
            Term(number, parent, level, title, modifiers, code, "", row[4].strip(), row[5].strip(), "", "{}", fold(title))
        )
    _whole("icd10cm_index", letters)
    return Intake("icd10cm_index", rows(SCHEMA, "term", found), source.name, "csv")


def _titled(element: ElementTree.Element | None) -> tuple[str, list[str]]:
    """A title without its nonessential modifiers, and these."""
    if element is None:
        return "", []
    modifiers = [one for nemod in element.findall("nemod") for one in _modifiers("".join(nemod.itertext()))]
    essential = (element.text or "") + "".join(child.tail or "" for child in element)
    return " ".join(essential.split()), modifiers


def _modifiers(text: str) -> list[str]:
    bracketed = [" ".join((one or other).split()) for one, other in _MODIFIER.findall(text)]
    return [one for one in bracketed or [" ".join(text.strip(" ()").split())] if one]


def _text(element: ElementTree.Element, tag: str) -> str:
    found = element.find(tag)
    return _words(found) if found is not None else ""


def _words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())
