"""The page: one file that fetches nothing, whose charts cannot break out of it, and which says what the report says."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from evals.bench import EXAMPLES
from evals.case import Case
from evals.gold import GoldSet
from evals.page import Collected, write_page
from evals.run import Setting, run
from evals.score import score
from tests.evals.made import case, group, predicted, result

EVIL = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)>"


def page(folder: Path, *cases: Case, shown_at_most: int = 400) -> str:
    seen = Collected(shown_at_most)
    for one in cases:
        seen.add(one)
    write_page(folder / "page.html", "<b>made</b>", score(cases, draws=5), seen)
    return (folder / "page.html").read_text(encoding="utf-8")


def data(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


class Tags(HTMLParser):
    """The tags of a page, and what they fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "action")]


def mixed() -> Case:
    trap = {"code": "R07.9", "quote": EVIL, "why_not": EVIL}
    groups = [group("E11.9", quotes=["Type 2 diabetes"]), group("N18.31")]
    return case(groups, result(predicted("E11.9", "Type 2 diabetes"), predicted("I10", "Hypertension")), traps=[trap])


def test_the_page_fetches_nothing_and_no_chart_breaks_out_of_it(tmp_path: Path) -> None:
    text = page(tmp_path, mixed())
    tags = Tags(text)
    assert tags.fetched == []
    assert tags.tags.count("script") == 2
    assert "img" not in tags.tags
    assert "@import" not in text
    assert "url(" not in text
    assert data(text)["shown"][0]["traps"][0]["quote"] == EVIL


def test_the_script_makes_text_of_a_chart_and_never_markup(tmp_path: Path) -> None:
    text = page(tmp_path, mixed())
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    page(tmp_path, mixed())
    assert os.stat(tmp_path / "page.html").st_mode & 0o077 == 0


def test_codes_with_their_standing_and_both_kinds_of_evidence(tmp_path: Path) -> None:
    (chart,) = data(page(tmp_path, mixed()))["shown"]
    assert [(code["code"], code["standing"]) for code in chart["codes"]] == [
        ("E11.9", "correct"),
        ("I10", "extra"),
        ("N18.31", "missed"),
    ]
    (document,) = chart["documents"]
    assert [(document["text"][start:end], whose, code) for start, end, whose, code in document["marks"]] == [
        ("Type 2 diabetes", "gold", "E11.9"),
        ("Type 2 diabetes", "predicted", "E11.9"),
        ("Hypertension", "predicted", "I10"),
    ]


def test_of_a_long_set_the_worst_charts_are_kept(tmp_path: Path) -> None:
    right = case([group("E11.9")], result(predicted("E11.9")))
    shown = data(page(tmp_path, right, mixed(), right, mixed(), shown_at_most=2))
    assert (shown["charts"], [one["number"] for one in shown["shown"]]) == (4, [1, 3])


def test_a_real_run_has_figures_curve_confusion_and_rules(tmp_path: Path) -> None:
    cases = list(run(GoldSet(EXAMPLES), Setting()))
    found = data(page(tmp_path, *cases))
    assert len(found["curve"]) > 3
    assert found["curve"][-1][0] == 1
    assert sum(number for *_, number in found["confusion"]) == sum(len(one["codes"]) for one in found["shown"]) - sum(
        code["standing"] == "neutral" for one in found["shown"] for code in one["codes"]
    ) - _paired(found)
    assert {card["label"] for card in found["cards"]} >= {"Code F1", "Charts exact", "Codes final at 97 %"}
    assert found["setting"]["model"] == "offline/1"
    seconds = [one["seconds"] for one in found["slowest"]]
    assert seconds == sorted(seconds, reverse=True)
    assert len(seconds) == len(cases)


def _paired(found: Any) -> int:
    """A missed and an extra code that stand for each other are one entry."""
    confused = [number for gold, given, number in found["confusion"] if gold != given and "none" not in (gold, given)]
    missed = sum(code["standing"] == "missed" for one in found["shown"] for code in one["codes"])
    alone = sum(number for gold, given, number in found["confusion"] if given == "none")
    assert missed - alone >= sum(confused)
    return int(missed - alone)


def test_a_set_without_any_code_is_a_page_too(tmp_path: Path) -> None:
    failed = case([], result(error="model: stopped"))
    assert data(page(tmp_path, failed))["curve"] == []
