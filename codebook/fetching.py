"""Downloading official files from their publishers' addresses, which are data: ``addresses.toml`` or a file like it."""

from __future__ import annotations

import http.client
import tomllib
import urllib.error
import urllib.request
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from codebook.release import BookError
from records.base import Record
from records.gate import is_loopback

LARGEST = 200_000_000
PATIENCE = 30.0
_CHUNK = 1 << 16


class Address(Record):
    """Where one official file is published. ``book`` is what it is mainly wanted for: an archive may hold more."""

    book: str
    url: str
    note: str = ""


class Unfetched(BookError):
    """A file could not be downloaded. The message says why and what to do."""


def addresses(path: Path | None = None) -> list[Address]:
    """The addresses of the package, or of a file of the operator's."""
    try:
        text = path.read_text("utf-8") if path else files("codebook").joinpath("data", "addresses.toml").read_text("utf-8")
        return [Address.model_validate(row) for row in tomllib.loads(text).get("address", [])]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BookError(
            f"{path.name if path else 'addresses.toml'} is not a list of addresses ({type(error).__name__})"
        ) from None


def fetch(address: Address, folder: Path) -> Path:
    """Download one file into a folder, whole, under the publisher's name. Unfetched when it cannot be."""
    _allow(address.url)
    name = Path(unquote(urlsplit(address.url).path)).name or address.book
    target = folder / name
    try:
        with _opener(address.url).open(address.url, timeout=PATIENCE) as answer, target.open("wb") as file:
            expected = answer.headers.get("Content-Length")
            size = 0
            while chunk := answer.read(_CHUNK):
                size += len(chunk)
                if size > LARGEST:
                    raise Unfetched(f"{address.url} is larger than any official file")
                file.write(chunk)
        if expected is not None and size != int(expected):
            raise Unfetched(f"{address.url} broke off after {size:,} of {int(expected):,} bytes: try again")
    except urllib.error.HTTPError as error:
        raise Unfetched(_advice(address, f"the server answers {error.code}")) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        raise Unfetched(_advice(address, _reason(error))) from None
    return target


def _advice(address: Address, why: str) -> str:
    host = urlsplit(address.url).hostname
    return f"{host} cannot be fetched from here ({why}): download {address.url} by hand, then chartproof codebook import FILE"


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", "") or reason or type(error).__name__).splitlines()[0]


def _allow(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return
    raise Unfetched(f"{url}: official files are fetched over https only")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects only to where a file may be fetched from."""

    def redirect_request(self, request: Any, file: Any, code: int, message: str, headers: Any, url: str) -> Any:
        _allow(url)
        return super().redirect_request(request, file, code, message, headers, url)


def _opener(url: str) -> urllib.request.OpenerDirector:
    """What opens an address; a proxy of the environment is for remote ones alone."""
    if is_loopback(urlsplit(url).hostname or ""):
        return urllib.request.build_opener(_Redirects, urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(_Redirects)


def wanted(held: Sequence[Address], books: Sequence[str]) -> list[Address]:
    """The addresses of these books, all of them when none is named. BookError for a book that has no address."""
    unknown = sorted(set(books) - {one.book for one in held})
    if unknown:
        known = ", ".join(dict.fromkeys(one.book for one in held))
        raise BookError(f"no address is known of {unknown[0]}; addresses are known of: {known}")
    return [one for one in held if not books or one.book in books]
