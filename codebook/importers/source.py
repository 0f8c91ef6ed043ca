"""A file as it was handed in, opened as far as its wrapping goes: its name, its bytes, the text in them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from codebook.release import BookError

LARGEST = 400_000_000
_HEAD = 4096


@dataclass(frozen=True)
class Source:
    """One official file: ``name`` as its publisher gave it, ``content`` unwrapped; ``file`` and ``sha256`` of what was handed
    in, and beside it the names of the files that came in the same archive."""

    name: str
    content: bytes
    file: str
    sha256: str
    beside: tuple[str, ...] = ()

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
    """What a file holds: itself, or the files of a zip archive, or what a gzip file wraps. BookError when it is not whole."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BookError(f"the file cannot be read: {error.strerror or type(error).__name__}") from None
    if not content:
        raise BookError("the file is empty")
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(b"PK"):
        yield from _members(path, content, sha256)
    elif content.startswith(b"\x1f\x8b"):
        yield Source(path.name.removesuffix(".gz"), _gunzip(content), path.name, sha256)
    else:
        yield Source(path.name, content, path.name, sha256)


def _gunzip(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as wrapped:
            unwrapped = wrapped.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise BookError("the gzip file is cut short or corrupt") from None
    if len(unwrapped) > LARGEST:
        raise BookError("the gzip file holds more than any official file does")
    return unwrapped


def _members(path: Path, content: bytes, sha256: str) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            held = [one for one in archive.infolist() if not one.is_dir()]
            if sum(one.file_size for one in held) > LARGEST:
                raise BookError("the zip file holds more than any official file does")
            names = tuple(one.filename for one in held)
            for one in held:
                # Reading checks each member against its checksum.
                yield Source(Path(one.filename).name, archive.read(one), path.name, sha256, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise BookError("the zip file is cut short or corrupt") from None
