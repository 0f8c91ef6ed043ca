"""The command line: thin. What a command does lives beside it; here it is named, and its exit code decided.

Exit codes: 0 done, 1 done but some charts failed, 2 usage or input error, 130 stopped by Ctrl-C. Errors are one line on
stderr each and hold no chart text; results go to standard output as each chart is done.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from service.book_commands import codebook_app
from service.inputs import UsageFault
from service.query_commands import queries_app
from service.terminal import complain, use_utf8

if TYPE_CHECKING:
    from service.coding import Done
    from service.output import Form

INTERRUPTED = 130

app = typer.Typer(
    name="chartproof",
    help="Codes clinical charts with quoted evidence; whatever is not proven goes to a person.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback shows the values of variables, and those hold charts.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class _Evaluating(TyperGroup):
    """``chartproof eval SUITE`` without naming what to do: it is run. A file called like a command needs ./ before it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["run", *args]
        return super().parse_args(ctx, args)


eval_app = typer.Typer(
    cls=_Evaluating, no_args_is_help=True, help="Score against gold charts: chartproof eval SUITE-or-GOLD.", rich_markup_mode=None
)
app.add_typer(eval_app, name="eval")
gold_app = typer.Typer(no_args_is_help=True, help="Look after gold charts.", rich_markup_mode=None)
app.add_typer(gold_app, name="gold")
app.add_typer(codebook_app, name="codebook")
app.add_typer(queries_app, name="queries")

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of text for people.")]
PolicyName = Annotated[str, typer.Option("--policy", help="supervised, straight_through, or a policy file.")]
Day = Annotated[str | None, typer.Option("--date", help="YYYY-MM-DD; today unless said otherwise.")]


def main() -> None:
    """The entry point. An error nobody foresaw is one line too: its type and place, never its words."""
    use_utf8()
    try:
        app()
    except UsageFault as fault:
        complain(str(fault))
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone: nothing more can be told, and the interpreter must not try at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a traceback could show a chart
        from agent.coding import internal_error

        complain(internal_error(error))
        sys.exit(2)


@app.callback(invoke_without_command=True)
def chartproof(show_version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if show_version:
        typer.echo(f"chartproof {version('chartproof')}")
        raise typer.Exit


@app.command()
def code(
    charts: Annotated[list[Path], typer.Argument(help="Text, chart JSON, JSONL, FHIR R4 or HL7 v2 files.", show_default=False)],
    model: Annotated[str, typer.Option(help="offline, openai for the endpoint in the environment, or a profile.")] = "offline",
    policy: PolicyName = "supervised",
    at_once: Annotated[int, typer.Option(min=1, max=64, help="How many charts to work on at the same time.")] = 1,
    as_json: Json = False,
    brief: Annotated[
        bool, typer.Option("--brief", help="For people: one chart a line, with what keeps it from being final.")
    ] = False,
    trace: Annotated[bool, typer.Option("--trace", help="For people: show the conversation with the model too.")] = False,
    patient_class: Annotated[str | None, typer.Option(help="inpatient, outpatient, emergency or observation.")] = None,
    claim_type: Annotated[str | None, typer.Option(help="facility or professional.")] = None,
    service_date: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    admit_date: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    discharge_date: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    discharge_disposition: Annotated[str | None, typer.Option(help="Where the patient went, such as home.")] = None,
    sex: Annotated[str | None, typer.Option(help="female, male or unknown.")] = None,
    birth_date: Annotated[str | None, typer.Option(help="YYYY-MM-DD.")] = None,
    specialty: Annotated[str | None, typer.Option(help="Such as family medicine.")] = None,
    payer: Annotated[str | None, typer.Option(help="Such as Medicare.")] = None,
    kind: Annotated[str | None, typer.Option(help="Of documents that do not say: office_visit_note, ...")] = None,
    author_role: Annotated[str | None, typer.Option(help="Of documents that do not say: physician, nurse, ...")] = None,
) -> None:
    """Code charts: codes with quoted evidence, findings, and where each chart goes. The options are facts of the
    encounter; they win over what the files say."""
    from service import coding, inputs

    given = {
        name: value
        for name, value in (
            ("patient_class", patient_class),
            ("claim_type", claim_type),
            ("service_date", service_date),
            ("admit_date", admit_date),
            ("discharge_date", discharge_date),
            ("discharge_disposition", discharge_disposition),
            ("sex", sex),
            ("birth_date", birth_date),
            ("specialty", specialty),
            ("payer", payer),
            ("kind", kind),
            ("author_role", author_role),
        )
        if value
    }
    if trace and as_json:
        raise UsageFault("code: --trace shows a conversation to people; it does not go with --json")
    chosen, rules = inputs.open_model(model), inputs.open_policy(policy)
    inputs.prepare_book(terms_too=True, index_too=model != "offline")
    raise typer.Exit(
        _write(
            coding.code_all(inputs.charts(charts, given), chosen, rules, at_once, trace),
            "json" if as_json else "brief" if brief else "page",
        )
    )


def _write(results: Iterator[Done], form: Form) -> int:
    """Write each result as it is done and give the exit code."""
    from service.coding import Tally
    from service.output import write_result
    from service.terminal import counted

    tally = Tally()
    try:
        with closing(counted(results, "charts")) as counting:
            for done in counting:
                write_result(done, form)
                tally.add(done)
                if done.result.error:
                    complain(done.complaint)
    except KeyboardInterrupt:
        complain(f"stopped: the results of {tally.total} charts are written")
        return INTERRUPTED
    return tally.exit_code


@app.command()
def check(
    chart: Annotated[Path, typer.Argument(help="A chart; or JSONL with an id, a chart and a draft on each line.")],
    codes: Annotated[Path | None, typer.Argument(help="The codes as a draft in JSON.", show_default=False)] = None,
    policy: PolicyName = "supervised",
    as_json: Json = False,
) -> None:
    """Run the guardrails on codes somebody else assigned."""
    from service import checking, inputs

    rules = inputs.open_policy(policy)
    inputs.prepare_book()
    try:
        if codes is None:
            raise typer.Exit(checking.check_batch(chart, rules, as_json))
        raise typer.Exit(checking.check_one(chart, codes, rules, as_json))
    except KeyboardInterrupt:
        complain("stopped: the answers so far are written")
        raise typer.Exit(INTERRUPTED) from None


@app.command()
def search(
    terms: Annotated[list[str] | None, typer.Argument(help="A condition in words.", show_default=False)] = None,
    on: Day = None,
    limit: Annotated[int | None, typer.Option(min=1, max=1000, help="How many codes at the most.")] = None,
    batch: Annotated[Path | None, typer.Option(help='JSONL with {"terms": ...} on each line.')] = None,
    as_json: Json = False,
) -> None:
    """Find codes by words. Search only helps to find: a miss does not mean that there is no code."""
    from service import searching

    words = " ".join(terms or ())
    if bool(words.strip()) == (batch is not None):
        raise UsageFault("search: give either terms or --batch FILE")
    day = searching.day(on)
    if batch is not None:
        raise typer.Exit(searching.search_batch(batch, day, limit))
    searching.search(words, day, limit, as_json)


@app.command()
def doctor(
    model: Annotated[str, typer.Option(help="openai for the endpoint in the environment, or a profile.")] = "openai",
    as_json: Json = False,
) -> None:
    """Check that a model's endpoint has what chartproof needs. It is shown an invented note, never a chart."""
    from service.models import doctor as examine

    raise typer.Exit(examine(model, as_json))


@app.command()
def replay(
    charts: Annotated[list[Path], typer.Argument(help="The charts that were coded.", show_default=False)],
    results: Annotated[Path, typer.Option(help="What code --json wrote.", show_default=False)],
    policy: PolicyName = "supervised",
) -> None:
    """Run results again from their records, without a model: tool calls, evidence and rules."""
    from service import inputs
    from service.models import replay as run_again

    rules = inputs.open_policy(policy)
    inputs.prepare_book(terms_too=True, index_too=True)
    raise typer.Exit(run_again(charts, results, rules))


@app.command("serve-model")
def serve_model(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8765,
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
) -> None:
    """Serve the offline model to OpenAI-compatible clients on this machine, under /v1."""
    from service.model_server import serve

    serve(host, port)


@app.command()
def redteam(
    gold: Annotated[Path, typer.Argument(help="A gold set: JSONL, JSON, or a folder.", show_default=False)],
    policy: Annotated[str, typer.Option(help="supervised, straight_through, or a policy file.")] = "straight_through",
    each: Annotated[int, typer.Option(min=1, help="Drafts of a kind from each chart, at the most.")] = 3,
    misses: Annotated[bool, typer.Option("--misses", help="List the errors nobody found, and the codes stopped.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Break gold drafts on purpose, one error each, and count what the rules catch and what they stop without need."""
    from evals.redteam.command import redteam as attack

    raise typer.Exit(attack(gold, policy, as_json, each, misses))


@eval_app.command("run")
def evaluate(
    suite: Annotated[Path, typer.Argument(help="A suite in TOML; or gold: JSONL, JSON, CSV, a folder, ...", show_default=False)],
    model: Annotated[str | None, typer.Option(help="What the suite says, else offline.", show_default=False)] = None,
    policy: Annotated[str | None, typer.Option(help="What the suite says, else supervised.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to look at. It holds the charts.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that code at the same time.")] = 1,
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
    policy: Annotated[str | None, typer.Option(help="What the suite says, else supervised.", show_default=False)] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that code at the same time.")] = 1,
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
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
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


@gold_app.command("check")
def gold_check(gold: Annotated[Path, typer.Argument(help="A gold set.", show_default=False)], as_json: Json = False) -> None:
    """What is wrong with a gold set: codes invalid on their date, spans not verbatim, charts that stand twice, ..."""
    from evals import gold_command

    raise typer.Exit(gold_command.check(gold, as_json))


@gold_app.command("promote")
def gold_promote(
    reviewed: Annotated[Path, typer.Argument(help='JSONL with {"id", "chart", "draft"} on each line.', show_default=False)],
    into: Annotated[Path, typer.Option(help="The gold file to add to.")],
) -> None:
    """Add reviewed charts to a gold set; what is not fit to be gold is refused with the reason."""
    from evals import gold_command

    raise typer.Exit(gold_command.promote(reviewed, into))


@gold_app.command("agreement")
def gold_agreement(
    first: Annotated[Path, typer.Argument(help="One annotator's gold.", show_default=False)],
    second: Annotated[Path, typer.Argument(help="Another's, over the same charts.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """How far two annotators agree, and where they do not."""
    from evals import gold_command

    raise typer.Exit(gold_command.agree(first, second, as_json))
