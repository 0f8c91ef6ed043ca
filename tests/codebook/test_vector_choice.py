"""The operator's choice of embedder and Chroma server: behind the gate, and never a search without an answer."""

from __future__ import annotations

import urllib.error
from datetime import date
from typing import Any

import chromadb
import pytest
from chromadb.config import Settings

from codebook.book import CodeBook, open_book
from codebook.search import Neighbours, vectors
from codebook.search.choice import chosen_embedder, chosen_server
from codebook.search.embedder import PieceLsa, VectorError, unit_texts
from codebook.search.question import question
from codebook.search.remote import RemoteEmbedder
from records.gate import address
from tests.codebook.test_vectors import UNKNOWN, Drawn
from tests.loopback import Answering, listening, serving

SERVER = address("http://127.0.0.1:8000", "X")
REMOTE = "https://zebra.example"
EMBEDDER = {"CHARTPROOF_EMBEDDER_BASE_URL": "http://127.0.0.1:1/v1", "CHARTPROOF_EMBEDDER_MODEL": "small"}


class Counterfeit(Drawn):
    """The same hash under another name, so that it finds the other's collection."""

    name = "counterfeit"


@pytest.fixture(scope="module")
def book() -> CodeBook:
    return open_book(date(2026, 6, 15))


@pytest.fixture(scope="module")
def client() -> Any:
    """A Chroma of this process in the place of a server: it speaks the same calls and keeps the same collections."""
    return chromadb.EphemeralClient(settings=Settings(anonymized_telemetry=False))


@pytest.fixture
def served(client: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(vectors, "_client_of", lambda server: client)
    return client


@pytest.fixture(scope="module")
def built(book: CodeBook, client: Any) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors, "_client_of", lambda server: client)
        return vectors.build_on(SERVER, book.search_index, Drawn())


def test_without_a_word_the_embedder_is_offline_and_chroma_a_folder(book: CodeBook) -> None:
    assert isinstance(chosen_embedder(book.search_index, {}), PieceLsa)
    assert chosen_server({}) is None


def test_what_is_on_this_machine_is_admitted(book: CodeBook) -> None:
    assert isinstance(chosen_embedder(book.search_index, EMBEDDER), RemoteEmbedder)
    assert chosen_server({"CHARTPROOF_CHROMA_URL": "http://localhost:8000/"}) == address("http://localhost:8000", "X")


def test_what_is_elsewhere_needs_the_word_of_the_operator(book: CodeBook) -> None:
    word = {"CHARTPROOF_ALLOW_REMOTE_PHI": "1"}
    embedder = EMBEDDER | {"CHARTPROOF_EMBEDDER_BASE_URL": REMOTE}
    with pytest.raises(VectorError, match="CHARTPROOF_EMBEDDER_BASE_URL is not on this machine"):
        chosen_embedder(book.search_index, embedder)
    with pytest.raises(VectorError, match="CHARTPROOF_CHROMA_URL is not on this machine"):
        chosen_server({"CHARTPROOF_CHROMA_URL": REMOTE})
    assert isinstance(chosen_embedder(book.search_index, embedder | word), RemoteEmbedder)
    assert chosen_server({"CHARTPROOF_CHROMA_URL": REMOTE} | word)
    with pytest.raises(VectorError, match="neither https nor loopback"):
        chosen_server({"CHARTPROOF_CHROMA_URL": "http://zebra.example"} | word)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"CHARTPROOF_EMBEDDER_BASE_URL": ""}, "needs both"),
        ({"CHARTPROOF_EMBEDDER_MODEL": " "}, "needs both"),
        ({"CHARTPROOF_EMBEDDER_API_KEY": "zebra\nX-Other: 1"}, "CHARTPROOF_EMBEDDER_API_KEY"),
        ({"CHARTPROOF_EMBEDDER_BASE_URL": "http://me:zebra@127.0.0.1"}, "no user, password"),
    ],
)
def test_a_wrong_embedder_is_one_line_without_its_value(book: CodeBook, changed: dict[str, str], said: str) -> None:
    with pytest.raises(VectorError) as caught:
        chosen_embedder(book.search_index, EMBEDDER | changed)
    assert said in str(caught.value)
    assert "zebra" not in str(caught.value)


def test_a_server_is_named_without_a_path() -> None:
    with pytest.raises(VectorError, match="holds a path"):
        chosen_server({"CHARTPROOF_CHROMA_URL": "http://127.0.0.1:8000/zebra"})


def test_a_server_answers_as_a_folder_does(book: CodeBook, served: Any, built: str) -> None:
    found = vectors.open_vectors(book.search_index, Drawn(), SERVER)
    assert found is not None
    near = found.nearest(unit_texts(book.search_index)[int(book.search_index.leaves[0])], 5)
    assert max(near.values()) == pytest.approx(1.0, abs=1e-3)
    assert [one.name for one in served.list_collections()] == [built]


def test_building_twice_builds_once(book: CodeBook, served: Any, built: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_add", lambda *_: pytest.fail("built again"))
    assert vectors.build_on(SERVER, book.search_index, Drawn()) == built


def test_a_build_that_breaks_off_leaves_nothing(book: CodeBook, served: Any, built: str) -> None:
    class Breaking(Drawn):
        sha256 = "1" * 64

        def vectors(self, texts: Any) -> Any:
            raise VectorError("the embedder answers HTTP 401")

    with pytest.raises(VectorError, match="HTTP 401"):
        vectors.build_on(SERVER, book.search_index, Breaking())
    assert [one.name for one in served.list_collections()] == [built]


def test_a_server_with_the_vectors_of_another_embedder_is_refused(book: CodeBook, served: Any, built: str) -> None:
    with pytest.raises(VectorError, match="another embedder"):
        vectors.open_vectors(book.search_index, Counterfeit(), SERVER)


def test_a_server_that_holds_too_few_is_refused(book: CodeBook, served: Any) -> None:
    class Few(Drawn):
        sha256 = "2" * 64

    name = vectors.folder_of(book.search_index, Few()).name
    part = served.create_collection(name, metadata={"embedder": Few.name, "embedder_sha256": Few.sha256}, embedding_function=None)
    part.add(ids=["1"], embeddings=[[1.0, 2.0]])
    try:
        with pytest.raises(VectorError, match="holds 1 vectors of"):
            vectors.open_vectors(book.search_index, Few(), SERVER)
    finally:
        served.delete_collection(name)


def _silent(book: CodeBook) -> str:
    """The notice of a search for words that no list knows, which has no neighbours."""
    neighbours = Neighbours(book.search_index)
    assert neighbours.near(question(UNKNOWN), UNKNOWN) == {}
    assert "qwzxv" not in neighbours.notice
    return neighbours.notice


class _Broken(Answering):
    def do_GET(self) -> None:
        self.send_error(500)


def test_a_broken_server_is_told_and_done_without(book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(serving(_Broken)) as url:
        monkeypatch.setenv("CHARTPROOF_CHROMA_URL", url)
        assert _silent(book) == "search goes on without vectors: the Chroma server does not serve (HTTPError)"


def test_an_absent_server_is_told_and_search_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(serving(_Broken)) as url:
        monkeypatch.setenv("CHARTPROOF_CHROMA_URL", url)
    book = open_book(date(2026, 6, 15))
    book.__dict__.pop("neighbours", None)
    assert book.search("qwzxv pneumonia")
    assert "without vectors: the Chroma server does not serve" in book.search_notice
    book.__dict__.pop("neighbours", None)


def test_a_server_without_this_release_is_told(book: CodeBook, client: Any, served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTPROOF_CHROMA_URL", "http://127.0.0.1:8000")
    assert "chartproof codebook build --vectors" in _silent(book)


@pytest.mark.parametrize(
    "setting",
    [
        {"CHARTPROOF_CHROMA_URL": REMOTE},
        {"CHARTPROOF_EMBEDDER_BASE_URL": REMOTE, "CHARTPROOF_EMBEDDER_MODEL": "m"},
        {"CHARTPROOF_EMBEDDER_MODEL": "m"},
    ],
)
def test_a_refused_setting_is_told_and_done_without(
    book: CodeBook, setting: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in setting.items():
        monkeypatch.setenv(name, value)
    assert "without vectors: " in _silent(book)
    assert "zebra" not in _silent(book)


def test_a_server_here_is_not_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(VectorError, match="NO_PROXY"):
        vectors._check_answers(SERVER)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with listening(serving(_Broken)) as url, pytest.raises(urllib.error.HTTPError):
        vectors._check_answers(address(url, "X"))
