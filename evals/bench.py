"""How fast: ``python -m evals.bench [GOLD.jsonl]``. Prints milliseconds a chart of ``check`` and charts a second of coding.

Each is measured in a process of its own, on one core. The first round over the charts is the cold one: the code book has
not met their codes yet, which a process does once. The rounds after it are warm, but every text in them is new (a line break is
added each time): no chart is found in a cache that a chart of tomorrow would not find there. ``check`` is given the gold's
codes and evidence as a draft and does all that the command does: read the draft, read the chart, ground, run every rule, route.
The last line gives check the codes of all charts on one chart that holds all their documents, so many at a time.
The bounds are held against processor time, the clock stands beside it. Exit code 1: a bound was missed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from agent.coding import check_draft, code_chart
from agent.models import open_model
from codebook.book import BookError
from codebook.shelf import held as held_releases
from evals.gold import Gold, GoldChart, GoldError, read_gold
from guardrails.policy import load_policy
from records.chart import Chart

EXAMPLES = Path(__file__).parent / "gold" / "examples"
CHECK_MS = 5.0
NOTES_PER_SECOND = 20.0
ROUNDS = 10
POLICY = "supervised"
CODES = (1, 5, 10, 20, 40)
T = TypeVar("T")


@dataclass(frozen=True)
class Took:
    """Milliseconds for one chart: of processor time, and by the clock, which also counts what else the machine did."""

    processor: float
    clock: float


@dataclass(frozen=True)
class Speed:
    """What each chart took: in the cold round, then in the warm ones."""

    cold: tuple[Took, ...]
    warm: tuple[Took, ...]


def median(times: Iterable[float]) -> str:
    """The one in the middle, to two places."""
    return f"{statistics.median(times):.2f}"


def draft_of(gold: Gold) -> dict[str, Any]:
    """The gold as somebody would hand it in: of each group the first code, with its evidence."""
    return {
        "codes": [
            {
                "code": group.any_of[0],
                "evidence": [{"document": span.document, "quote": span.text} for span in group.evidence or () if span.text],
            }
            for group in gold.codes
        ]
    }


def check_speed(gold_charts: Sequence[GoldChart], rounds: int) -> Speed:
    """How long ``check`` takes on the gold's own codes."""
    policy = load_policy(POLICY)
    drafts = {one.id: draft_of(one.gold) for one in gold_charts}
    return _timed(gold_charts, rounds, lambda chart_id, chart: check_draft(chart, drafts[chart_id], policy))


def coding_speed(gold_charts: Sequence[GoldChart], rounds: int) -> Speed:
    """How long the offline model takes for a chart, from the chart to its disposition."""
    model, policy = open_model("offline", {}), load_policy(POLICY)
    return _timed(gold_charts, rounds, lambda chart_id, chart: code_chart(chart_id, chart, model, policy))


def growth(gold_charts: Sequence[GoldChart], rounds: int) -> dict[int, float]:
    """Milliseconds of ``check``, median and warm, by how many codes one chart has. The chart is all charts as one."""
    chart, codes = _pooled(gold_charts)
    policy = load_policy(POLICY)
    numbers = [number for number in CODES if number < len(codes)] + [len(codes)]
    taken: dict[int, list[float]] = {number: [] for number in numbers}
    for turn in range(rounds + 1):
        for number in numbers:
            renewed, processor = _renewed(chart, turn), time.process_time()
            check_draft(renewed, {"codes": codes[:number]}, policy)
            taken[number].append(1000 * (time.process_time() - processor))
    return {number: statistics.median(times[1:]) for number, times in taken.items()}


def _pooled(gold_charts: Sequence[GoldChart]) -> tuple[Chart, list[dict[str, Any]]]:
    """All charts as one of the first one's encounter, and all their codes, each once."""
    charts = [(one.id, one.chart, draft_of(one.gold)) for one in gold_charts if one.chart is not None]
    documents: list[dict[str, Any]] = []
    codes: dict[str, dict[str, Any]] = {}
    for name, chart, draft in charts:
        documents += [{**document.model_dump(), "id": f"{name} {document.id}"} for document in chart.documents]
        for code in draft["codes"]:
            cited = [{**citation, "document": f"{name} {citation['document']}"} for citation in code["evidence"]]
            codes.setdefault(code["code"], {**code, "evidence": cited})
    return Chart.model_validate({"encounter": charts[0][1].encounter.model_dump(), "documents": documents}), list(codes.values())


def _timed(gold_charts: Sequence[GoldChart], rounds: int, work: Callable[[str, Chart], object]) -> Speed:
    taken: list[list[Took]] = []
    for number in range(rounds + 1):
        charts = [(one.id, _renewed(one.chart, number)) for one in gold_charts if one.chart is not None]
        taken.append([])
        for chart_id, chart in charts:
            clock, processor = time.perf_counter(), time.process_time()
            work(chart_id, chart)
            taken[-1].append(Took(1000 * (time.process_time() - processor), 1000 * (time.perf_counter() - clock)))
    cold, *warm = taken
    return Speed(tuple(cold), tuple(took for one in warm for took in one))


def _renewed(chart: Chart, number: int) -> Chart:
    """The chart with a text that nobody has seen, its words where they were."""
    fields = chart.model_dump()
    documents = [{**document, "text": document["text"] + "\n" * (number + 1)} for document in fields["documents"]]
    return Chart.model_validate({**fields, "documents": documents})


def report(name: str, gold_charts: Sequence[GoldChart], rounds: int) -> bool:
    """Print the figures of one set; whether both bounds are kept."""
    readable = [one for one in gold_charts if one.chart is not None]
    characters = statistics.median(sum(len(document.text) for document in one.chart.documents) for one in readable if one.chart)
    print(f"{name}: {len(readable)} charts, {characters:,.0f} characters in the median, {rounds} warm rounds", flush=True)
    checking, coding = _apart(check_speed, readable, rounds), _apart(coding_speed, readable, rounds)
    milliseconds = statistics.median(took.processor for took in checking.warm)
    per_second = 1000 * len(coding.warm) / sum(took.processor for took in coding.warm)
    kept = milliseconds < CHECK_MS, per_second >= NOTES_PER_SECOND
    print(
        f"  check          {milliseconds:7.2f} ms a chart, median, warm   bound: under {CHECK_MS:g}   {_word(kept[0])}"
        f"   (by the clock {median(took.clock for took in checking.warm)};"
        f" cold {median(took.processor for took in checking.cold)})"
    )
    print(
        f"  offline model  {per_second:7.1f} charts a second on one core   bound: {NOTES_PER_SECOND:g}   {_word(kept[1])}"
        f"   (by the clock {1000 * len(coding.warm) / sum(took.clock for took in coding.warm):.1f};"
        f" a chart, cold: {median(took.processor for took in coding.cold)} ms in the median)"
    )
    by_codes = _apart(growth, readable, rounds)
    print("  check by codes " + "   ".join(f"{number}: {milliseconds:.1f} ms" for number, milliseconds in by_codes.items()))
    return all(kept)


def _apart(measure: Callable[[Sequence[GoldChart], int], T], gold_charts: Sequence[GoldChart], rounds: int) -> T:
    """Measured in a new process, so that neither finds what the other has warmed."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, gold_charts, rounds).result()


def positive(text: str) -> int:
    """A whole number above 0, for an option of a command."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _word(kept: bool) -> str:
    return "kept" if kept else "MISSED"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description="How fast checking and coding are.")
    parser.add_argument("gold", nargs="*", type=Path, help="gold sets beside the project's own example charts")
    parser.add_argument("--rounds", type=positive, default=ROUNDS, help="how often each chart is taken when all is warm")
    parser.add_argument("--limit", type=positive, help="the first N charts of each set only")
    given = parser.parse_args(arguments)
    try:
        held_releases()
        sets = [(path.name, read_gold(path)[: given.limit]) for path in (EXAMPLES, *given.gold)]
        kept = [report(name, gold_charts, given.rounds) for name, gold_charts in sets]
    except (GoldError, BookError) as error:
        print(f"evals: {error}", file=sys.stderr)
        return 2
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
