"""What a fitted calibration proves, in lines for people; and where it is kept."""

from __future__ import annotations

from pathlib import Path

from agent.calibration import NAME, Calibration
from codebook.places import home
from evals.fit import Gathered, scored_out_of_fold
from evals.reliability import brier, calibration_error
from evals.results import ResultsError

TARGETS = (0.95, 0.97)


def write_calibration(fitted: Calibration, out: Path | None) -> Path:
    """Write it to a file, or to where the product looks for the operator's own. Whoever reads meanwhile reads the old one."""
    place = out or home() / NAME
    draft = place.with_name(f"{place.name}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(fitted.model_dump_json(indent=1, exclude={"sha256"}) + "\n", encoding="utf-8")
        draft.replace(place)
    except OSError as error:
        raise ResultsError(f"{place}: cannot be written ({error.strerror or type(error).__name__})") from None
    return place


def proof(fitted: Calibration, gathered: Gathered, base: Calibration | None, place: Path) -> str:
    """How good the scores are, and what each target asks for; all of it out of fold."""
    scored = scored_out_of_fold(gathered, base)
    training = fitted.training
    lines = [
        f"calibration of {fitted.model}, version {fitted.version}, written to {place}",
        f"fitted on {training.charts} charts, {training.codes} codes, {training.right} right ({', '.join(training.sets)})",
        f"out of fold: calibration error {calibration_error(scored):.3f}, Brier score {brier(scored):.3f}",
    ]
    for target in TARGETS:
        threshold = fitted.threshold(target)
        if threshold.score is None:
            more = f"{threshold.needed} more codes without an error are needed"
            lines.append(f"{target:.0%} of codes right: not proven at any score; {more}")
        else:
            share = threshold.codes / training.codes
            lines.append(
                f"{target:.0%} of codes right: from a score of {threshold.score:g}"
                f" ({threshold.right} of {threshold.codes} codes right, {share:.0%} of all codes)"
            )
    return "\n".join(lines)
