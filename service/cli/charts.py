"""The commands that work on charts: code, check, replay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.options import INTERRUPTED, Json, PolicyName
from service.inputs import UsageFault
from service.terminal import complain

if TYPE_CHECKING:
    from service.coding import Done
    from service.output import Form


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
