"""The tables of the search benchmark: without the Alphabetic Index and with it, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from codebook.release import Release
from evals.search_measure import MISSED, Asking, Cost
from evals.search_terms import Asked

_TOPS = (1, 5, 15, 50)
_LABEL = 30
_HEADS = (*(f"R@{top}" for top in _TOPS), "median", "p95")
_WIDTH = 8


def print_costs(without: Cost, with_index: Cost | None, releases: Sequence[Release]) -> None:
    """What it takes to build and to open."""
    held = ", ".join(release.id for release in releases) or "no index files there"
    print(f"imported for the right half: {held}\n")
    print(f"{'':{_LABEL}}{'without the index':>20}{'with it':>12}")
    rows = (
        ("first build, s", "built"),
        ("vectors, s (nothing waits)", "vectors"),
        ("opened and asked once, s", "opened"),
        ("resident then, MB", "resident"),
    )
    for title, name in rows:
        figures = [f"{getattr(cost, name):.2f}" if cost else "–" for cost in (without, with_index)]
        print(f"{title:{_LABEL}}{figures[0]:>20}{figures[1]:>12}")


def print_table(name: str, queries: Sequence[Asked], without: Mapping[str, Asking], with_index: Mapping[str, Asking]) -> None:
    """Recall and milliseconds of everything that was asked, and of the must codes where the questions have tiers."""
    print(f"\n{name}: {len(queries)}; milliseconds of processor time")
    print(f"{'':{_LABEL}}{'without the index':^{_WIDTH * len(_HEADS)}} | {'with it':^{_WIDTH * len(_HEADS)}}")
    print(f"{'':{_LABEL}}{_heads()} | {_heads()}")
    for row in dict.fromkeys([*without, *with_index]):
        _print_row(row, without.get(row), with_index.get(row))
    whole = next(iter(without))
    for title, found in (("without the index", without.get(whole)), ("with it", with_index.get(whole))):
        if found:
            clock = f"median {median(found.clock):.1f}, p95 {_p95(found.clock):.1f} ms"
            print(f"by the clock, {title}: {clock}; {found.resident:.0f} MB resident at the most")
    must = [number for number, one in enumerate(queries) if one.tier == "must"]
    if must:
        print(f"{name}, must codes only: {len(must)}")
        _print_row(whole, _of(without.get(whole), must), _of(with_index.get(whole), must))


def print_by_code(queries: Sequence[Asked], without: Asking, with_index: Asking | None) -> None:
    """A gold code counts as found when one of its spans finds it: what a coder who reads the whole chart would see."""
    for title, found in (("without the index", without), ("with it", with_index)):
        for tier in ("must", "may") if found else ():
            best: dict[tuple[str, int], int] = {}
            for one, rank in zip(queries, found.ranks if found else (), strict=True):
                if one.tier == tier:
                    best[one.chart, one.group] = min(rank, best.get((one.chart, one.group), MISSED))
            recall = " ".join(f"R@{top} {_recall(list(best.values()), top):.3f}" for top in _TOPS)
            print(f"gold codes by their best span, {tier}, {title}: {len(best)}: {recall}")


def _print_row(name: str, *halves: Asking | None) -> None:
    every = {half.every for half in halves if half and half.every > 1}
    note = "".join(f"  (every {number}th)" for number in every)
    print(f"{name:{_LABEL}}{' | '.join(_figures(half) for half in halves)}{note}".rstrip(), flush=True)


def _heads() -> str:
    return "".join(f"{head:>{_WIDTH}}" for head in _HEADS)


def _figures(found: Asking | None) -> str:
    if found is None:
        return "".join(f"{'–':>{_WIDTH}}" for _ in _HEADS)
    recall = "".join(f"{_recall(found.ranks, top):{_WIDTH}.3f}" for top in _TOPS)
    return f"{recall}{median(found.processor):{_WIDTH}.1f}{_p95(found.processor):{_WIDTH}.1f}"


def _of(found: Asking | None, chosen: Sequence[int]) -> Asking | None:
    if found is None:
        return None
    ranks, processor, clock = ([values[number] for number in chosen] for values in (found.ranks, found.processor, found.clock))
    return found._replace(ranks=ranks, processor=processor, clock=clock)  # type: ignore[arg-type]


def _recall(ranks: Sequence[int], top: int) -> float:
    return sum(rank <= top for rank in ranks) / len(ranks)


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]
