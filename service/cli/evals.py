"""The commands of ``chartproof eval``, and ``redteam``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from service.cli.options import OneJson, PolicyName
from service.inputs import UsageFault

SuitePolicy = Annotated[str | None, typer.Option(help="What the suite says, else supervised.", show_default=False)]
Jobs = Annotated[int, typer.Option(min=1, help="Processes that code at the same time.")]


class _Evaluating(TyperGroup):
    """``chartproof eval SUITE`` without naming what to do: it is run. A file called like a command needs ./ before it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(
    cls=_Evaluating, no_args_is_help=True, help="Score against gold charts: chartproof eval SUITE-or-GOLD.", rich_markup_mode=None
)


@eval_app.command("run")
def evaluate(
    suite: Annotated[Path, typer.Argument(help="A suite in TOML; or gold: JSONL, JSON, CSV, a folder, ...", show_default=False)],
    model: Annotated[str | None, typer.Option(help="What the suite says, else offline.", show_default=False)] = None,
    policy: SuitePolicy = None,
    as_json: OneJson = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to look at. It holds the charts.")] = None,
    jobs: Jobs = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="The first N charts only.")] = None,
    out: Annotated[Path | None, typer.Option(help="Keep results here, and take up where an earlier run stopped.")] = None,
    fact: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, a fact of every encounter.")] = None,
    draws: Annotated[int, typer.Option(min=1, help="Resamples for the intervals.")] = 1000,
    record: Annotated[Path | None, typer.Option(help="Keep a live model's answers here, and use those kept before.")] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Ask the model nothing: only what --record kept.")] = False,
) -> None:
    """Code gold charts and score the results. 1: charts failed, or a floor of the suite was missed."""
    from evals import command
    from evals.measure import Asked

    if replay and record is None:
        raise UsageFault("eval: --replay needs --record FOLDER")
    asked = Asked(model, policy, jobs, limit, out, _facts(fact), draws, record, replay)
    raise typer.Exit(command.evaluate(suite, asked, as_json, html))


def _facts(given: list[str] | None) -> dict[str, str]:
    facts = dict(one.partition("=")[::2] for one in given or ())
    if not all(facts.values()):
        raise UsageFault("eval: --fact is NAME=VALUE")
    return facts


@eval_app.command("fit")
def fit(
    gold: Annotated[list[Path], typer.Argument(help="Gold sets or suites.", show_default=False)],
    out: Annotated[Path | None, typer.Option(help="Where to write it; where the product looks for it unless said.")] = None,
    model: Annotated[str | None, typer.Option(help="The model whose codes are scored.", show_default=False)] = None,
    policy: SuitePolicy = None,
    jobs: Jobs = 1,
    afresh: Annotated[bool, typer.Option("--afresh", help="Do not start from the calibration that ships.")] = False,
    version: Annotated[int, typer.Option(min=1, help="The number it is to carry.")] = 1,
) -> None:
    """Fit the calibrated scores on gold, and say which of them are proven. What may be final follows from it."""
    from evals import command
    from evals.measure import Asked

    raise typer.Exit(command.fit_gold(gold, Asked(model, policy, jobs), out, afresh, version))


@eval_app.command("compare")
def compare(
    run_a: Annotated[Path, typer.Argument(help="Results of chartproof eval --out.", show_default=False)],
    run_b: Annotated[Path, typer.Argument(help="Results of another run over the same charts.", show_default=False)],
    as_json: OneJson = False,
) -> None:
    """What changed from run A to run B, chart by chart, and whether it is more than noise."""
    from evals import command

    raise typer.Exit(command.compare_runs(run_a, run_b, as_json))


@eval_app.command("audit")
def audit(
    results: Annotated[Path, typer.Argument(help="Results of chartproof eval --out.", show_default=False)],
    reviewed: Annotated[Path | None, typer.Option(help="The auditor's codes, as a gold set.")] = None,
    size: Annotated[int, typer.Option(min=1, help="How many final-coded charts to draw.")] = 30,
    seed: Annotated[str, typer.Option(help="Whoever knows it draws the same charts.")] = "",
    good: Annotated[float, typer.Option(help="Share of charts with an error that should pass.")] = 0.03,
    bad: Annotated[float, typer.Option(help="Share of charts with an error that should fail.")] = 0.10,
) -> None:
    """Draw final-coded charts for an audit; with the auditor's codes, say how accurate they were and whether that is enough."""
    from evals import command

    raise typer.Exit(command.audit_run(results, reviewed, size, seed, (good, bad)))


def redteam(
    gold: Annotated[Path, typer.Argument(help="A gold set: JSONL, JSON, or a folder.", show_default=False)],
    policy: PolicyName = "straight_through",
    each: Annotated[int, typer.Option(min=1, help="Drafts of a kind from each chart, at the most.")] = 3,
    misses: Annotated[bool, typer.Option("--misses", help="List the errors nobody found, and the codes stopped.")] = False,
    as_json: OneJson = False,
) -> None:
    """Break gold drafts on purpose, one error each, and count what the rules catch and what they stop without need."""
    from evals.redteam.command import redteam as attack

    raise typer.Exit(attack(gold, policy, as_json, each, misses))
