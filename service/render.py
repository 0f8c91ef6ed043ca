"""A coded chart as a person reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from agent.grounding import ground
from records.chart import Chart, Span
from records.code import Citation, CodeAssignment, Considered
from records.encounter import Encounter
from records.finding import Finding
from records.query import Query
from records.result import CodingResult, Provenance
from service.quotation import quotation
from service.terminal import visible

_DISPOSITION = {"final_coded": "bold green", "coder_review": "bold yellow", "pending_query": "bold magenta", "held": "bold red"}
_SEVERITY = {"note": "dim", "review": "yellow", "block": "bold red"}
_QUOTED = "bold black on yellow"
_HASH = 12
_FINDING_INDENT = 16
_BRIEF_NAME = 28
_BRIEF_DISPOSITION = 13


Describe = Callable[[str], str | None]


def show_result(console: Console, result: CodingResult, chart: Chart | None, describe: Describe) -> None:
    """Everything a result says, in the order a coder asks for it. ``describe`` knows a code's description in the book."""
    console.print(_title(result.id, result.disposition, console))
    if chart is not None:
        console.print(Text(_encounter(chart.encounter), style="dim"))
    if result.error and chart is None:
        console.print(Text(visible(result.error), style="red"))
    for code in result.codes:
        console.print()
        _show_code(console, code, chart)
    if chart is not None and not result.codes:
        console.print(Text("\nNo code was assigned.", style="bold"))
    _show_considered(console, result.considered, chart, describe)
    for query in result.queries:
        _show_query(console, query, chart)
    show_findings(console, result.findings, chart)
    show_disposition(console, result.disposition, result.reasons)
    if result.provenance:
        _show_provenance(console, result.provenance)
    console.print()


def show_brief(console: Console, result: CodingResult) -> None:
    """One chart in a line or two: where it goes, its codes, and what keeps it from being final."""
    row = Table.grid(padding=(0, 2))
    row.add_column(width=_BRIEF_NAME, no_wrap=True)
    row.add_column(width=_BRIEF_DISPOSITION, no_wrap=True)
    row.add_column()
    row.add_row(
        Text(visible(result.id), style="bold"),
        Text(result.disposition, style=_DISPOSITION[result.disposition]),
        Text(" ".join(visible(code.code) for code in result.codes) or "no code"),
    )
    if result.disposition != "final_coded":
        row.add_row("", "", Text("; ".join(visible(reason) for reason in result.reasons), style="dim"))
    console.print(row)


def show_findings(console: Console, findings: Sequence[Finding], chart: Chart | None) -> None:
    """Findings with their rule, severity, codes and source, and the words of the chart they point at."""
    if not findings:
        console.print(_heading("Findings: none"))
        return
    console.print(_heading("Findings"))
    for finding in findings:
        words = Text(visible(", ".join(finding.codes)) + (": " if finding.codes else "") + visible(finding.message))
        row = Table.grid(padding=(0, 1))
        row.add_row(
            Text(f"  {finding.severity:<6}", style=_SEVERITY[finding.severity]), Text(finding.rule_id, style="bold"), words
        )
        row.add_row("", "", Text(visible(finding.source), style="dim italic"))
        console.print(row)
        _show_spans(console, finding.spans, chart, _FINDING_INDENT)


def show_disposition(console: Console, disposition: str, reasons: Sequence[str]) -> None:
    """Where the coding goes, and why."""
    console.print()
    console.print(Text.assemble(("Disposition ", "bold"), (disposition, _DISPOSITION[disposition])))
    for reason in reasons:
        _indented(console, Text(f"- {visible(reason)}"), 2)


def _title(name: str, disposition: str, console: Console) -> Rule:
    title = Text.assemble((visible(name), "bold"), "  ", (disposition, _DISPOSITION[disposition]))
    return Rule(title, align="left", characters="─" if console.encoding.startswith("utf") else "-")


def _encounter(encounter: Encounter) -> str:
    age = encounter.age_years
    facts = (
        encounter.patient_class,
        encounter.claim_type,
        f"codes of {encounter.code_set_date.isoformat()}",
        encounter.sex if encounter.sex != "unknown" else "sex unknown",
        f"{age} years" if age else f"{encounter.age_days} days" if age == 0 else "age unknown",
        encounter.specialty,
        encounter.payer,
    )
    return visible(" · ".join(fact for fact in facts if fact))


def _heading(words: str) -> Text:
    return Text(f"\n{words}", style="bold")


def _indented(console: Console, text: Text, by: int) -> None:
    console.print(Padding(text, (0, 0, 0, by), expand=False))


def _show_code(console: Console, code: CodeAssignment, chart: Chart | None) -> None:
    head = Table.grid(padding=(0, 2), expand=True)
    head.add_column(justify="right", width=2)
    head.add_column(no_wrap=True)
    head.add_column(ratio=1)
    head.add_column(justify="right", no_wrap=True)
    role = code.role.replace("_", " ") + (f" · POA {code.poa}" if code.poa else "")
    description = visible(code.description) or f"not in the book ({code.system})"
    number = Text(str(code.sequence), style="dim")
    head.add_row(number, Text(visible(code.code), style="bold cyan"), Text(description), Text(role, style="dim"))
    console.print(head)
    _show_spans(console, code.evidence, chart, 4)
    for citation in code.ungrounded:
        _show_citation(console, citation, chart, 4)
    if code.rationale and code.rationale != code.description:
        _indented(console, Text(visible(code.rationale)), 4)
    if code.guidelines:
        _indented(console, Text(f"Guidelines {visible(', '.join(code.guidelines))}", style="dim italic"), 4)


def _show_considered(console: Console, considered: Iterable[Considered], chart: Chart | None, describe: Describe) -> None:
    for number, one in enumerate(considered):
        if not number:
            console.print(_heading("Considered, not coded"))
        description = f"{describe(one.code)}: " if describe(one.code) else ""
        row = Table.grid(padding=(0, 1))
        row.add_row(Text(f"  {visible(one.code):<8}", style="cyan"), Text(visible(description + one.reason)))
        console.print(row)
        for citation in one.evidence:
            _show_citation(console, citation, chart, 11)


def _show_query(console: Console, query: Query, chart: Chart | None) -> None:
    holds = "holds the claim" if query.holds_claim else "does not hold the claim"
    console.print(_heading(f"Query to the provider ({query.reason.replace('_', ' ')}; {query.status}, {holds})"))
    _indented(console, Text(visible(query.title), style="bold"), 2)
    _indented(console, Text(visible(query.question)), 2)
    _show_spans(console, query.clinical_indicators, chart, 4)
    for option in query.options:
        _indented(console, Text(f"[ ] {visible(option)}"), 2)


def _show_spans(console: Console, spans: Iterable[Span], chart: Chart | None, indent: int) -> None:
    for span in spans:
        document = chart.document(span.document) if chart else None
        if document is None or chart is None or not chart.holds(span):
            _indented(console, Text(f"{visible(span.document)}: {visible(span.text)}"), indent)
            continue
        quoted = quotation(document, span)
        place = visible(f"{span.document} · {quoted.section.replace('_', ' ')} · line {quoted.line}  ")
        # The place and the line share one row, so that most evidence is a single line to read.
        quoted = quoted.cut(console.width - indent - len(place) - 2)
        text = Text(place, style="dim")
        text.append(visible(quoted.before), "not dim")
        if console.is_terminal:
            text.append(visible(quoted.words), f"not dim {_QUOTED}")
        else:
            text.append(f"»{visible(quoted.words)}«")
        text.append(visible(quoted.after), "not dim")
        _indented(console, text, indent)


def _show_citation(console: Console, citation: Citation, chart: Chart | None, indent: int) -> None:
    """A citation as what it is: in its line where it can be found, else a quote that does not stand in the chart."""
    spans = ground(chart, citation)[:1] if chart else ()
    _show_spans(console, spans, chart, indent)
    if not spans:
        told = f'{citation.document}: not in the chart word for word: "{citation.quote}"'
        _indented(console, Text(visible(told), style="red"), indent)


def _show_provenance(console: Console, made: Provenance) -> None:
    where = f" at {made.endpoint}" if made.endpoint else ""
    corrected = f", {made.corrections} correction" if made.corrections else ""
    facts = (
        f"model {made.model}{where}",
        f"prompt {made.prompt} {made.prompt_sha256[:_HASH]}",
        ", ".join(made.releases),
        f"rules {made.rules_sha256[:_HASH]}",
        f"policy {made.policy}",
        f"{len(made.tool_calls)} tool calls in {made.turns} turns{corrected}",
        f"{made.seconds:.2f} s",
    )
    console.print(Text(visible(" · ".join(facts)), style="dim"))
