"""A run of the loop over the masked chart, with everything that comes back put into the words of the original."""

from __future__ import annotations

from typing import Any

from agent.loop import Check, Coded, RunState, run
from agent.masking.mask import Mask, mask
from agent.model import Masking, Model
from codebook.book import CodeBook
from records.chart import Chart
from records.code import CodeAssignment
from records.finding import Finding
from tools import Desk


def is_masking(model: Model) -> bool:
    """Whether a chart is masked before this model sees any of it."""
    return isinstance(model, Masking) and model.masks


def run_model(chart: Chart, model: Model, book: CodeBook, system_prompt: str, check: Check, *rest: Any) -> Coded:
    """Run the loop; over the masked chart when the model is one that may see no identifiers. Rules see the original alone.

    Raises MaskError when the chart cannot be masked: it is then not sent.
    """
    if not is_masking(model):
        return run(chart, model, book, system_prompt, check, *rest)
    masked = mask(chart)

    def check_restored(codes: tuple[CodeAssignment, ...], state: RunState) -> tuple[Finding, ...]:
        return check(tuple(masked.restored_code(code) for code in codes), state)

    return _restored(run(masked.masked, model, book, system_prompt, check_restored, *rest), masked)


def _restored(coded: Coded, masked: Mask) -> Coded:
    state, desk = coded.state, coded.state.desk
    queries = tuple(masked.restored_query(query) for query in coded.queries)
    read = {masked.original_id(document): lines for document, lines in desk.lines_read.items()}
    state.chart = masked.original
    state.desk = Desk(masked.original, desk.book, desk.code_everything, read, list(queries))
    return Coded(
        codes=tuple(masked.restored_code(code) for code in coded.codes),
        considered=tuple(masked.restored_considered(one) for one in coded.considered),
        findings=coded.findings,
        queries=queries,
        state=state,
    )
