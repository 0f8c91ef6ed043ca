"""``chartproof codebook fetch``, from a server on this machine: what comes is imported, what does not is said in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codebook import fetching, holdings
from codebook.books import books
from codebook.release import BookError
from tests.codebook import official
from tests.loopback import Answering, listening, serving
from tests.service.conftest import Ran

Run = Callable[..., Ran]


class Publisher(Answering):
    """Serves the synthetic official files; some paths misbehave."""

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        if name == "moved.zip":
            self.answer(b"", 302, Location="http://cms.example/elsewhere.zip")
        elif name in official.FILES:
            content = official.FILES[name]
            self.answer(content, Content_Length=str(len(content) + (9 if "broken" in self.path else 0)))
        else:
            self.send_error(404)


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("CHARTPROOF_HOME", str(tmp_path / "home"))
    with listening(serving(Publisher)) as url:
        yield url


def addresses(folder: Path, **urls: str) -> Path:
    path = folder / "addresses.toml"
    path.write_text("".join(f'[[address]]\nbook = "{book}"\nurl = "{url}"\n' for book, url in urls.items()))
    return path


def test_what_is_fetched_is_imported(chartproof: Run, tmp_path: Path, publisher: str) -> None:
    listed = addresses(tmp_path, icd10pcs=f"{publisher}/a/icd10pcs-order-2026.zip", cpt=f"{publisher}/cpt-2026.txt")
    assert chartproof("codebook", "fetch", "icd10pcs", "--addresses", listed).code == 0
    assert [one.release.id for one in holdings.of_book("icd10pcs")] == ["icd10pcs-2025-10-01"]
    assert holdings.of_book("cpt") == ()
    assert chartproof("codebook", "fetch", "--addresses", listed).code == 0
    assert len(holdings.of_book("cpt")) == 1


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("absent.zip", "answers 404"),
        ("moved.zip", "https only"),
        ("broken/cpt-2026.txt", "broke off"),
    ],
)
def test_what_cannot_be_fetched_is_one_line_and_the_rest_is_done(
    path: str, says: str, chartproof: Run, tmp_path: Path, publisher: str
) -> None:
    listed = addresses(tmp_path, hcpcs=f"{publisher}/{path}", mce=f"{publisher}/mce-fy2026.json")
    ran = chartproof("codebook", "fetch", "--addresses", listed)
    (line,) = (line for line in ran.err.splitlines() if "taking in" not in line)
    assert ran.code == 1
    assert says in line
    assert len(holdings.of_book("mce")) == 1


def test_no_network_is_a_line_that_says_what_to_do(
    chartproof: Run, tmp_path: Path, publisher: str, refused_addresses: list[str]
) -> None:
    ran = chartproof("codebook", "fetch", "--addresses", addresses(tmp_path, hcpcs="https://127.0.0.1:9/hcpcs.zip"))
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "download https://127.0.0.1:9/hcpcs.zip by hand" in ran.err
    assert refused_addresses == []


def test_a_book_without_an_address_and_a_list_that_is_none(chartproof: Run, tmp_path: Path) -> None:
    assert "no address is known of poems" in chartproof("codebook", "fetch", "poems").err
    (tmp_path / "bad.toml").write_text("[[address]]\nbook = 1\n")
    assert chartproof("codebook", "fetch", "--addresses", tmp_path / "bad.toml").code == 2


def test_the_products_own_addresses_are_of_books_and_secure() -> None:
    held = fetching.addresses()
    assert {one.book for one in held} <= set(books())
    assert all(one.url.startswith("https://") for one in held)
    with pytest.raises(BookError, match="https only"):
        fetching.fetch(fetching.Address(book="cpt", url="http://cms.example/a.zip"), Path())
