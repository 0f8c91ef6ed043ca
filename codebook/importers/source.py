"""A file as it was handed in, opened as far as its wrapping goes: its name, its bytes, the text in them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

from codebook.release import BookError

LARGEST = 400_000_000
# Archives within archives that are opened.
DEEPEST = 3
_HEAD = 4096
_ZIP = b"PK"
_WORKBOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class Source:
    """One official file: ``name`` as its publisher gave it, ``content`` unwrapped; ``file`` and ``sha256`` of what was handed
    in, and the archive it came in, while that is being read."""

    name: str
    content: bytes
    file: str
    sha256: str
    archive: zipfile.ZipFile | None = None

    def beside(self, name: str) -> Source | None:
        """The file of this name in the same archive; None when there is none."""
        for one in self.archive.infolist() if self.archive else ():
            if PurePosixPath(one.filename).name.lower() == name and self.archive is not None:
                return replace(self, name=name, content=self.archive.read(one))
        return None

    @cached_property
    def text(self) -> str:
        """The content as text: UTF-8, else the publishers' older encoding. Empty for what is not text."""
        if b"\0" in self.content[:_HEAD] or self.content.startswith((b"%PDF", b"PK")):
            return ""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.content.decode("cp1252", errors="replace")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text. BookError when the last one was cut: the publishers end theirs."""
        lines = self.text.split("\n")
        if lines.pop().strip("\x1a \t\r"):
            raise BookError("the file ends in the middle of a line: it is cut short")
        return [line.rstrip("\r") for line in lines]

    @cached_property
    def table(self) -> list[list[str]]:
        """The rows of a CSV file, cells of several lines among them. BookError when the last line was cut."""
        # Asked for what it says of the end; the rows are read from the text, which still has the line ends within cells.
        assert self.lines is not None
        csv.field_size_limit(LARGEST)
        return list(csv.reader(io.StringIO(self.text, newline="")))

    @cached_property
    def head(self) -> list[str]:
        """The first lines with words in them, to recognise the file by."""
        return [line.rstrip("\r") for line in self.text[: 4 * _HEAD].split("\n") if line.strip()][:40]

    @cached_property
    def is_xml(self) -> bool:
        """Whether it begins as XML does."""
        return self.content[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")

    @cached_property
    def root(self) -> ElementTree.Element:
        """The root element of an XML file. BookError when it is not well-formed or declares entities."""
        if b"<!ENTITY" in self.content[:_HEAD]:
            raise BookError("the file declares XML entities, which no official file does")
        try:
            return ElementTree.fromstring(self.content)
        except ElementTree.ParseError as error:
            line = error.position[0]
            raise BookError(f"the file is not well-formed XML (line {line}): it is cut short or corrupt") from None

    @cached_property
    def is_json(self) -> bool:
        """Whether it begins as JSON does."""
        return self.content[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"["))

    @cached_property
    def json(self) -> Any:
        """The JSON value of the file. BookError when it is not whole."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise BookError(f"the file is not well-formed JSON{where}: it is cut short or corrupt") from None


def sources(path: Path) -> Iterator[Source]:
    """What a file holds: itself, or the files of a zip archive and of those in it, or what a gzip file wraps. BookError when it
    is not whole."""
    content = _content(path)
    if not content:
        raise BookError("the file is empty")
    whole = Source(path.name, content, path.name, hashlib.sha256(content).hexdigest())
    if content.startswith(_ZIP):
        yield from _members(whole, LARGEST, DEEPEST)
    elif content.startswith(b"\x1f\x8b"):
        yield replace(whole, name=path.name.removesuffix(".gz"), content=_gunzip(content))
    else:
        yield whole


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise BookError("there is no such file" if not path.exists() else "that is not a file")
        if path.stat().st_size > LARGEST:
            raise BookError("the file is larger than any official file")
        return path.read_bytes()
    except OSError as error:
        raise BookError(f"the file cannot be read: {error.strerror or type(error).__name__}") from None


def _gunzip(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as wrapped:
            unwrapped = wrapped.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise BookError("the gzip file is cut short or corrupt") from None
    if len(unwrapped) > LARGEST:
        raise BookError("the gzip file holds more than any official file does")
    return unwrapped


def _members(wrapped: Source, room: int, depth: int) -> Iterator[Source]:
    """The files of an archive, and of the archives in it: publishers put one into the other. ``room`` is how many bytes they
    may hold together."""
    try:
        with zipfile.ZipFile(io.BytesIO(wrapped.content)) as archive:
            held = [one for one in archive.infolist() if not one.is_dir()]
            if any(one.filename == _WORKBOOK for one in held):
                raise BookError("that is a workbook: import the text or CSV file that is published beside it")
            room -= sum(one.file_size for one in held)
            if room < 0 or depth == 0:
                raise BookError("the zip file holds more than any official file does")
            for one in held:
                # Reading checks each member against its checksum.
                member = replace(wrapped, name=PurePosixPath(one.filename).name, content=archive.read(one), archive=archive)
                if one.filename.lower().endswith(".zip"):
                    yield from _members(member, room, depth - 1)
                else:
                    yield member
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise BookError("the zip file is cut short or corrupt") from None
