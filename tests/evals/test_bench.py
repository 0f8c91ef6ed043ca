"""The benchmark: what it times is the whole of check and of coding, on texts that are new each time."""

from __future__ import annotations

import pytest

from evals import bench
from evals.bench import EXAMPLES, check_speed, draft_of
from evals.gold import read_gold
from records.chart import Chart

ONE = read_gold(EXAMPLES)[:1]


def test_every_round_has_a_text_nobody_has_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(bench, "check_draft", lambda chart, *_: seen.append(chart.documents[0].text))
    speed = check_speed(ONE, rounds=3)
    assert len(seen) == len(set(seen)) == len(speed.cold) + len(speed.warm) == 4
    assert {text.rstrip("\n") for text in seen} == {seen[0].rstrip("\n")}


def test_the_draft_is_the_gold_with_quotes_that_can_be_found() -> None:
    (one,) = ONE
    assert isinstance(one.chart, Chart)
    draft = draft_of(one.gold)
    assert len(draft["codes"]) == len(one.gold.codes)
    quotes = [citation for code in draft["codes"] for citation in code["evidence"]]
    assert quotes
    assert all(citation["quote"] in one.chart.document(citation["document"]).text for citation in quotes)  # type: ignore[union-attr]
