"""The page written: the figures and charts as data inside it, drawn by its own script."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from agent.calibration import error_free_needed, wilson
from evals.fit import cuts
from evals.page.collected import Collected
from evals.reliability import Scored, bins, brier, calibration_error
from evals.results import ResultsError
from evals.score import figure_at, split
from guardrails.rules import RULES

_CURVE_POINTS = 300
# What the cards say, in their order: the key of the report, and its name for people.
_CARDS = {
    "codes.f1": "Code F1",
    "codes.precision": "Precision",
    "codes.recall": "Recall",
    "chart_exact": "Charts exact",
    "first_listed.accuracy": "First-listed right",
    "principal": "Principal right",
    "poa.accuracy": "POA right",
    "evidence.overlap_f1": "Evidence overlap F1",
    "traps.coded": "Traps coded",
    "queries.precision": "Query precision",
    "routing.final_coded_share": "Final without a person",
    "routing.final_coded_code_precision": "Codes right in those",
    "coverage_at.0.97.codes": "Codes final at 97 %",
    "coverage_at.0.95.codes": "Codes final at 95 %",
}


def write_page(path: Path, name: str, report: Mapping[str, Any], seen: Collected) -> None:
    """Write the page, readable by its owner alone: it holds the charts. ResultsError when it cannot be written."""
    parts = {one: files("evals.page").joinpath(one).read_text("utf-8") for one in ("page.html", "page.css", "page.js")}
    page = parts["page.html"].replace("TITLE", html.escape(f"chartproof eval: {name}"))
    page = page.replace("/*CSS*/", parts["page.css"]).replace("/*JS*/", parts["page.js"])
    page = page.replace('"DATA"', _inside_script(_data(name, report, seen)))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(page)
    except OSError as error:
        raise ResultsError(f"{path}: cannot be written ({error.strerror or type(error).__name__})") from None


def _inside_script(value: Any) -> str:
    """JSON that no chart can break out of: neither a tag nor a comment can begin in it."""
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return told.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _data(name: str, report: Mapping[str, Any], seen: Collected) -> dict[str, Any]:
    scored = seen.sheet.scored()
    return {
        "name": name,
        "charts": seen.charts,
        "setting": seen.setting,
        "cards": [card for key, label in _CARDS.items() if (card := _card(report, key, label))],
        "figures": list(_figures(report)),
        "curve": _curve(scored),
        "reliability": {
            "bins": [[one.score, one.share, *one.interval, one.codes] for one in bins(scored)],
            "error": calibration_error(scored),
            "brier": brier(scored),
            "codes": len(scored),
        },
        "proof": [_proof(scored, target) for target in (0.95, 0.97)] if scored else [],
        "confusion": [[*chapters, number] for chapters, number in sorted(seen.confusion.items())],
        "chapters": seen.chapters,
        "rules": _rules(seen),
        "slowest": [told for _, _, told in sorted(seen.slowest, key=lambda one: -one[0])],
        "shown": seen.shown(),
    }


def _card(report: Mapping[str, Any], key: str, label: str) -> dict[str, Any] | None:
    try:
        figure = figure_at(report, key)
    except KeyError:
        return None
    if figure is None:
        return None
    of = figure_at(report, "traps.total") if key == "traps.coded" else None
    return {"label": label, "figure": figure, "interval": report["intervals"].get(key), "of": of}


def _figures(report: Mapping[str, Any], above: str = "") -> Any:
    for key, value in report.items():
        if key != "intervals" and isinstance(value, Mapping):
            yield from _figures({**value, "intervals": report.get("intervals", {})}, f"{above}{key}.")
        elif key != "intervals":
            yield [f"{above}{key}", value, report.get("intervals", {}).get(f"{above}{key}"), len(split(f"{above}{key}"))]


def _curve(scored: Scored) -> list[list[float]]:
    """Risk against coverage: the share taken, the surest first, and the share of it that is right with its lower bound."""
    ranked = sorted(scored, key=lambda one: -one[0])
    points: list[list[float]] = []
    right = 0
    step = max(1, len(ranked) // _CURVE_POINTS)
    for number, (score, good) in enumerate(ranked, 1):
        right += good
        last = number == len(ranked)
        if (last or ranked[number][0] < score) and (last or number % step == 0 or number < _CURVE_POINTS // 4):
            points.append([number / len(ranked), right / number, wilson(right, number)[0], score])
    return points


def _proof(scored: Scored, target: float) -> dict[str, Any]:
    """What a policy with this target would let through by these scores, by the lower bound."""
    found = cuts(scored)
    kept = [cut for cut in found if cut.low >= target]
    if kept:
        best = max(kept, key=lambda cut: cut.codes)
        return {"target": target, "score": best.score, "codes": best.codes, "right": best.right}
    needed = min(error_free_needed(target, cut.right, cut.codes) for cut in found)
    return {"target": target, "score": None, "needed": needed}


def _rules(seen: Collected) -> list[dict[str, Any]]:
    titles = {rule.id: rule.title for rule in RULES}
    return [
        {"rule": rule, "severity": severity, "title": titles.get(rule, ""), **sums}
        for (rule, severity), sums in sorted(seen.stops.items(), key=lambda item: -item[1]["charts"])
    ]
