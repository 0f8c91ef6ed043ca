"""The composition of one run: the book of the chart's date, the prompt, the loop, the rules, the route, the provenance.

Nothing raises out of here for what a chart, a draft or a model does. What could not be coded or checked is held, with
one line that says why and holds no word of the chart.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.assessment import UNSCORED, assess
from agent.budget import Limits, limits_of
from agent.calibration import CalibrationError
from agent.chain import links
from agent.grounding import assign
from agent.instructions import correction, system_prompt
from agent.log import about, rule_failed, tell, timed
from agent.loop import Check, RunState
from agent.masking import MaskError
from agent.masking.run import run_model
from agent.model import Model
from agent.provenance import Run, provenance
from agent.spans import run_span
from agent.summary import summary, verdict
from codebook.book import BookError, CodeBook, open_book
from guardrails.check import check
from guardrails.coded_chart import CodedChart, RunFacts
from guardrails.policy import Policy
from guardrails.route import route
from prompts.library import PromptError
from prompts.library import releases as prompt_releases
from records.chart import Chart
from records.code import CodeAssignment, Draft
from records.draft import DraftError, DraftReading, Origin, read_draft, read_origin
from records.finding import Disposition, Finding
from records.result import CodingResult
from tools import TOOLS

_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Checked:
    """What the rules say of codes that somebody else assigned. ``error`` says what could not be read or run."""

    findings: tuple[Finding, ...]
    disposition: Disposition
    reasons: tuple[str, ...]
    error: str = ""


@dataclass(frozen=True)
class Options:
    """How a chart is to be coded, beside the model and the policy. What is not said is the product's default.

    ``code_everything`` codes all that is mentioned, as some gold sets do; the default follows the US guidelines.
    ``prompt_version`` is a released version of the coder's prompt, None for the live one. ``heard`` is told of every model's run
    when it has ended; nothing else keeps the conversation.
    """

    limits: Limits | None = None
    code_everything: bool = False
    prompt_version: int | None = None
    heard: Callable[[Run], None] | None = None


def code_chart(chart_id: str, chart: Chart, model: Model, policy: Policy, options: Options | None = None) -> CodingResult:
    """Code one chart. Whatever happens, there is a result."""
    with about(chart=chart.sha256), timed("chart_ended") as line:
        tell("chart_started", model=model, documents=len(chart.documents))
        result = _result(chart_id, chart, model, policy, options or Options())
        line |= summary(result)
        return result


def check_draft(chart: Chart, draft: Any, policy: Policy) -> Checked:
    """Run the rules on a draft as somebody hands it in: untrusted JSON. An entry that cannot be read is a block."""
    with about(chart=chart.sha256), timed("draft_checked") as line:
        checked = _checked(chart, draft, policy)
        line |= verdict(checked.disposition, checked.findings)
        return checked


def held(chart_id: str, reason: str) -> CodingResult:
    """The result of a chart that could not be coded."""
    return CodingResult(id=chart_id, disposition=Disposition.HELD, reasons=(reason,), error=reason)


def internal_error(error: BaseException) -> str:
    """An unexpected exception in one line: its type and where in this project it rose, never what it says."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
            where = f" at {path.relative_to(_ROOT).as_posix()}:{frame.lineno}"
    return f"internal error: {type(error).__name__}{where}"


def _result(chart_id: str, chart: Chart, model: Model, policy: Policy, options: Options) -> CodingResult:
    try:
        return _code(chart_id, chart, model, policy, options)
    except (BookError, PromptError, CalibrationError, MaskError) as error:
        tell("chart_failed", error=type(error))
        return held(chart_id, str(error))
    except Exception as error:  # noqa: BLE001 - a bug met by one chart is told on that chart, and the next one follows
        tell("chart_failed", error=type(error))
        return held(chart_id, internal_error(error))


def _code(chart_id: str, chart: Chart, model: Model, policy: Policy, options: Options) -> CodingResult:
    book = _open_book(chart)
    prompt = system_prompt(chart, options.prompt_version)
    sha256 = chart.sha256

    def checked(codes: tuple[CodeAssignment, ...], state: RunState) -> tuple[Finding, ...]:
        return check(coded_chart(codes, state), UNSCORED, rule_failed)

    def coded_chart(codes: tuple[CodeAssignment, ...], state: RunState) -> CodedChart:
        return CodedChart(chart=chart, codes=codes, book=book, policy=policy, run=_facts(state, sha256))

    tried = _tried(chart, model, book, prompt.text, checked, options)
    chosen = _chosen(tried)
    coded, failure = chosen.coded, chosen.coded.state.failure
    assessed = assess(coded_chart(coded.codes, coded.state), coded.findings, coded.state.desk, chosen.model.name)
    disposition, reasons = route(assessed.findings, coded.queries, policy)
    error = f"model {chosen.model.name}: {failure}" if failure else None
    return CodingResult(
        id=chart_id,
        codes=coded.codes,
        considered=coded.considered,
        findings=assessed.findings,
        queries=coded.queries,
        disposition=disposition,
        signals=assessed.signals,
        scores=assessed.scores,
        score=assessed.score,
        reasons=(error, *reasons) if error else reasons,
        provenance=provenance(chosen, [one for one in tried if one is not chosen], prompt, book, policy, chart, assessed),
        error=error,
    )


def _tried(chart: Chart, model: Model, book: CodeBook, prompt: str, checked: Check, options: Options) -> list[Run]:
    """The runs of a chart by the models of a chain, one after the other until one does not fail."""
    tried: list[Run] = []
    for link in links(model):
        limits = options.limits or limits_of(link)
        if tried:
            tell("fallback_taken", model=tried[-1].model, next_model=link)
        with run_span(link):
            coded = run_model(chart, link, book, prompt, checked, correction, limits, options.code_everything)
        tried.append(Run(link, coded))
        if options.heard:
            options.heard(tried[-1])
        if not coded.state.failure:
            break
    return tried


def _chosen(tried: list[Run]) -> Run:
    """The run that did not fail, which is the last; when all did, the first with a draft for a person to go on from."""
    if not tried[-1].coded.state.failure:
        return tried[-1]
    return next((one for one in tried if one.coded.codes), tried[-1])


def _facts(state: RunState, sha256: str) -> RunFacts:
    return RunFacts(
        unread_documents=state.desk.unread(),
        budget_hit=state.budget_hit or None,
        malformed=tuple(state.malformed),
        failure=state.failure or None,
        unlisted_calls=sum(call.name not in TOOLS for call in state.calls),
        chart_sha256=sha256,
        releases=(state.book.release.id,),
    )


def _open_book(chart: Chart) -> CodeBook:
    book = open_book(chart.encounter.code_set_date)
    tell("book_opened", release=book, in_force=book.in_force)
    return book


def _checked(chart: Chart, draft: Any, policy: Policy) -> Checked:
    try:
        return _check(chart, draft, policy)
    except BookError as error:
        tell("chart_failed", error=type(error))
        return _unchecked(str(error))
    except Exception as error:  # noqa: BLE001 - codes that could not be checked are never passed
        tell("chart_failed", error=type(error))
        return _unchecked(internal_error(error))


def _check(chart: Chart, draft: Any, policy: Policy) -> Checked:
    book = _open_book(chart)
    try:
        origin, draft = read_origin(draft)
        reading = read_draft(draft)
        read, facts = reading.draft, _made_with(origin, reading)
    except DraftError as error:
        read, facts = Draft(), RunFacts(malformed=(str(error),))
    codes = assign(read, chart, book)
    findings = check(CodedChart(chart=chart, codes=codes, book=book, policy=policy, run=facts), failed=rule_failed)
    disposition, reasons = route(findings, (), policy)
    return Checked(findings, disposition, reasons, "; ".join(facts.malformed))


def _made_with(origin: Origin, reading: DraftReading) -> RunFacts:
    return RunFacts(
        malformed=reading.malformed,
        malformed_codes=reading.malformed_codes,
        chart_sha256=origin.chart_sha256,
        releases=origin.releases,
        unreleased_prompt=bool(origin.prompt_sha256) and origin.prompt_sha256 not in prompt_releases().released.values(),
    )


def _unchecked(reason: str) -> Checked:
    return Checked((), Disposition.HELD, (reason,), reason)
