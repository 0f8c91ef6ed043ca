"""The ICD-10-CM Tabular List in the official XML form, read into rows."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from codebook.entry import Note, NoteKind
from codebook.importers.intake import Intake
from codebook.importers.source import Source
from codebook.reference import references_in, unread
from codebook.release import BookError
from codebook.store import Content, Filled, Progress

ROOT = "ICD10CM.tabular"
SCHEMA = """
-- one row an entry; sevenths is a JSON object, empty for none
CREATE TABLE entry (
    code TEXT PRIMARY KEY, description TEXT NOT NULL, billable INTEGER NOT NULL, parent TEXT NOT NULL, place INTEGER NOT NULL,
    sevenths TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX entry_parent ON entry (parent, place);
-- own notes only; inheritance is read through the parents
CREATE TABLE note (level TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, refs TEXT NOT NULL);
CREATE INDEX note_level ON note (level);
"""
_NOTES: dict[str, NoteKind] = {
    "includes": "includes",
    "inclusionTerm": "inclusion_term",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional_code",
    "codeAlso": "code_also",
    "notes": "note",
}
_RELATIONAL = frozenset({"excludes1", "excludes2", "code_first", "use_additional_code", "code_also"})
_FULL_LENGTH = 6
_HEAD = 4096
# Chapter 22 came later; every release has the first 21.
_CHAPTERS = 21
# "7th characters D and S do not apply to codes in category S06 with 6th character 7 - ..., or 8 - ..."
_NOT_APPLY = re.compile(r"7th characters? (.+?) do(?:es)? not apply to codes in (?:sub)?category (\S+) with 6th character (.+)")
_SIXTH = re.compile(r"\b([0-9A-Z]) - ")
_KNOWN = {*_NOTES, "name", "desc", "diag", "section", "sectionIndex", "sevenChrNote", "sevenChrDef", "visualImpairment"}


@dataclass
class Row:
    """One entry as it is stored: its own notes only, its parent's code, its place in the book."""

    code: str
    description: str
    billable: bool
    parent: str
    order: int
    notes: list[Note] = field(default_factory=list)
    seventh_characters: dict[str, str] = field(default_factory=dict)


def read(source: Source) -> Intake | None:
    """The Tabular List in a file; None when the file is something else. BookError when it is one but not whole."""
    if not (source.is_xml and b"<ICD10CM.tabular" in source.content[:_HEAD]):
        return None
    root = source.root
    version = _text(root, "version")
    if not re.fullmatch(r"20\d\d", version):
        raise BookError("the Tabular List does not say of which year it is")
    _whole(root)
    # Read once now, so that what is wrong with it is known before anything is stored.
    found = list(_Reader().read(root))
    return Intake("icd10cm", content(iter(found)), source.name, "tabular", fiscal_year=int(version))


def _whole(root: ElementTree.Element) -> None:
    chapters = root.findall("chapter")
    numbers = {_text(chapter, "name") for chapter in chapters}
    missing = [str(number) for number in range(1, _CHAPTERS + 1) if str(number) not in numbers]
    if missing:
        raise BookError(f"the Tabular List is not whole: chapter {', '.join(missing)} is missing")
    for chapter in chapters:
        held = {section.get("id") for section in chapter.findall("section")}
        absent = {one.get("id", "") for one in chapter.iter("sectionRef")} - held
        if absent:
            raise BookError(f"the Tabular List is not whole: block {min(absent)} is named and missing")


def content(found: Iterator[Row]) -> Content:
    """What is stored of rows."""

    def fill(connection: sqlite3.Connection, progress: Progress) -> Filled:
        count, left = 0, Counter[tuple[str, str]]()
        for count, row in enumerate(found, 1):
            try:
                connection.execute(
                    "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
                    (row.code, row.description, row.billable, row.parent, row.order, json.dumps(row.seventh_characters)),
                )
            except sqlite3.IntegrityError:
                raise BookError(f"the Tabular List has {row.code} twice") from None
            connection.executemany(
                "INSERT INTO note VALUES (?, ?, ?, ?)",
                [(note.level, note.kind, note.text, json.dumps(note.references)) for note in row.notes],
            )
            left.update(_leftover(row.notes))
            if count % 5000 == 0:
                progress("reading the Tabular List", count)
        return Filled(count, left)

    return Content(SCHEMA, fill)


def _leftover(notes: list[Note]) -> Iterator[tuple[str, str]]:
    for note in notes:
        if note.kind in _RELATIONAL and unread(note.text, bare=True):
            yield f"{note.kind} note at {note.level}: a code it names is not read", note.text
        elif note.kind == "excludes1" and not (note.references or note.text.rstrip().endswith(":")):
            yield f"{note.kind} note at {note.level}: it names no code", note.text


def rows(content: bytes) -> Iterator[Row]:
    """Every entry of the book in its order, codes with a 7th character included. BookError when it is not such a book."""
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise BookError(f"the file is not well-formed XML (line {error.position[0]}): it may be cut short") from None
    if root.tag != ROOT:
        raise BookError(f"the file is not an ICD-10-CM Tabular List: its root element is not {ROOT}")
    return _Reader().read(root)


class _Reader:
    def __init__(self) -> None:
        self.order = 0
        self.inapplicable: list[tuple[str, frozenset[str], frozenset[str]]] = []

    def read(self, root: ElementTree.Element) -> Iterator[Row]:
        for chapter in root.iter("chapter"):
            name = f"Chapter {_text(chapter, 'name')}"
            yield self._row(chapter, name, parent="", billable=False)
            for section in chapter.findall("section"):
                yield from self._section(section, name)

    def _section(self, section: ElementTree.Element, chapter: str) -> Iterator[Row]:
        block = section.get("id", "")
        described = self._row(section, block, parent=chapter, billable=False)
        diagnoses = section.findall("diag")
        # A block of one category has the category's name: the category stands for both.
        alone = len(diagnoses) == 1 and _text(diagnoses[0], "name") == block
        if not alone:
            yield described
        for diagnosis in diagnoses:
            for row in self._diagnosis(diagnosis, chapter if alone else block, {}):
                if alone and row.code == block:
                    row.notes = described.notes + row.notes
                yield row

    def _diagnosis(self, element: ElementTree.Element, parent: str, inherited: dict[str, str]) -> Iterator[Row]:
        code = _text(element, "name")
        own = {one.get("char", ""): _words(one) for one in element.findall("sevenChrDef/extension")}
        for note in (*element.findall("sevenChrNote/note"), *element.findall("notes/note")):
            self._note_inapplicable(_words(note))
        seventh = own or inherited
        below = element.findall("diag")
        row = self._row(element, code, parent, billable=not below and not seventh)
        row.seventh_characters = {} if below else self._applicable(code, seventh)
        yield row
        for diagnosis in below:
            yield from self._diagnosis(diagnosis, code, seventh)
        if not below and seventh:
            yield from self._completed(row)

    def _note_inapplicable(self, text: str) -> None:
        found = _NOT_APPLY.search(text)
        if found:
            characters = frozenset(re.findall(r"\b[A-Z]\b", found.group(1)))
            self.inapplicable.append((found.group(2), characters, frozenset(_SIXTH.findall(found.group(3)))))

    def _applicable(self, code: str, seventh: dict[str, str]) -> dict[str, str]:
        bare = code.replace(".", "")
        without = {
            character
            for category, characters, sixth in self.inapplicable
            if bare.startswith(category.replace(".", "")) and bare[5:6] in sixth
            for character in characters
        }
        return {character: meaning for character, meaning in seventh.items() if character not in without}

    def _completed(self, base: Row) -> Iterator[Row]:
        """The codes that a leaf's 7th characters make of it, with placeholder X in every empty place."""
        bare = base.code.replace(".", "").ljust(_FULL_LENGTH, "X")
        for character, meaning in base.seventh_characters.items():
            self.order += 1
            yield Row(
                code=f"{bare[:3]}.{bare[3:]}{character}",
                description=f"{base.description}, {meaning}",
                billable=True,
                parent=base.code,
                order=self.order,
                seventh_characters=base.seventh_characters,
            )

    def _row(self, element: ElementTree.Element, code: str, parent: str, billable: bool) -> Row:
        unknown = {child.tag for child in element} - _KNOWN
        if unknown or not code:
            raise BookError(f"the Tabular List has an unknown element: {', '.join(sorted(unknown)) or 'no name'}")
        self.order += 1
        return Row(code, _text(element, "desc"), billable, parent, self.order, list(_notes(element, code)))


def _notes(element: ElementTree.Element, level: str) -> Iterator[Note]:
    for child in element:
        kind = _NOTES.get(child.tag)
        for note in child.findall("note") if kind else ():
            text = _words(note)
            if kind and text:
                yield Note(kind=kind, text=text, level=level, references=references_in(text, kind in _RELATIONAL))


def _text(element: ElementTree.Element, tag: str) -> str:
    found = element.find(tag)
    return _words(found) if found is not None else ""


def _words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())
