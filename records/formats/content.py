"""Bytes as they came, and the one encoding they may be in. An error names the reason, never the content."""

from __future__ import annotations

import codecs
from pathlib import Path

MAX_BYTES = 5_000_000
_FORMS = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a zip or office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
)
_ALLOWED_CONTROLS = frozenset("\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x85")
_CONTROL_SHARE = 0.01


class ChartError(Exception):
    """A chart that could not be read. ``reason`` is one line that holds no word of the chart."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_bytes(path: Path) -> bytes:
    """The bytes of a file below the size limit; ChartError when it cannot be read."""
    try:
        if path.is_dir():
            raise ChartError("a folder, not a file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
    except FileNotFoundError:
        raise ChartError("no such file") from None
    except OSError as error:
        raise ChartError(f"cannot be read ({error.strerror or type(error).__name__})") from None
    if len(content) >= MAX_BYTES:
        raise ChartError(too_large())
    return content


def too_large() -> str:
    """The reason for refusing what is at or over the limit."""
    return f"too large: a chart must be smaller than {MAX_BYTES // 1_000_000} MB"


def decode(content: bytes) -> str:
    """The text of UTF-8 bytes, without a byte order mark. ChartError for anything else, and for nothing at all."""
    if not content.strip():
        raise ChartError("empty")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ChartError("encoded as UTF-16, not UTF-8")
    for start, name in _FORMS:
        if content.startswith(start):
            raise ChartError(f"{name}, not text")
    if b"\x00" in content:
        raise ChartError("binary, not text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ChartError(f"not UTF-8 (first invalid byte at offset {error.start})") from None
    if not text.strip():
        raise ChartError("empty")
    controls = sum(ord(character) < 32 and character not in _ALLOWED_CONTROLS for character in text[:10_000])
    if controls > _CONTROL_SHARE * len(text[:10_000]):
        raise ChartError("binary, not text")
    return text
