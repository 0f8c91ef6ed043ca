"""A live model's answers kept: the second run asks nothing, and a cassette holds no key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.models.openai import transport
from evals import run as running
from evals.gold import Gold, GoldChart
from evals.recording import RecordingError
from evals.run import Setting, run
from records.result import CodingResult
from tests.agent.scripted import DRAFT, call, chart, completion, hands_in
from tests.loopback import Answering, listening, serving

SCRIPT = [completion(calls=[call("read_chart", {"document": "note"})], finish="tool_calls"), completion("done"), hands_in(DRAFT)]
CHART = chart()


class Script:
    """A scripted model on a loopback port that counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200
        script = self

        class Handler(Answering):
            def do_POST(self) -> None:
                self.asked()
                body = json.dumps(SCRIPT[script.asked % len(SCRIPT)]).encode()
                script.asked += 1
                self.answer(body, script.status, Content_Type="application/json")

        self.server = serving(Handler)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    one = Script()
    monkeypatch.setenv("CHARTPROOF_BASE_URL", f"http://127.0.0.1:{one.server.server_port}/v1")
    monkeypatch.setenv("CHARTPROOF_MODEL", "m")
    monkeypatch.setenv("CHARTPROOF_API_KEY", "sk-zebra")
    monkeypatch.setattr(transport, "FIRST_WAIT", 0.0)
    running._open.cache_clear()
    with listening(one.server):
        yield one
    running._open.cache_clear()


def coded(folder: Path, replay: bool = False) -> CodingResult:
    setting = Setting(model="openai", cassettes=folder, replay=replay)
    (case,) = run([GoldChart("one", Gold(codes=()), CHART)], setting)
    assert case.result is not None
    return case.result


def test_what_was_asked_before_is_not_asked_again(script: Script, tmp_path: Path) -> None:
    first = coded(tmp_path)
    assert first.error is None
    assert script.asked == len(SCRIPT)
    for replay in (False, True):
        again = coded(tmp_path, replay)
        assert (again.codes, script.asked) == (first.codes, len(SCRIPT))


def test_replaying_asks_nothing_that_was_not_kept(script: Script, tmp_path: Path) -> None:
    assert "the request was not sent" in str(coded(tmp_path, replay=True).error)
    assert script.asked == 0


def test_a_failure_is_not_kept(script: Script, tmp_path: Path) -> None:
    script.status = 400
    assert coded(tmp_path).error is not None
    script.status, script.asked = 200, 0
    assert coded(tmp_path).error is None


def test_a_cassette_holds_no_key_and_is_its_owners_alone(script: Script, tmp_path: Path) -> None:
    coded(tmp_path)
    (path,) = tmp_path.iterdir()
    text = path.read_text(encoding="utf-8").lower()
    assert "zebra" not in text
    assert "authorization" not in text
    assert "127.0.0.1" not in text
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_is_not_there_cannot_be_replayed(tmp_path: Path, script: Script) -> None:
    with pytest.raises(RecordingError, match="no such folder"):
        coded(tmp_path / "none", replay=True)
