"""The fields are documented: every one of a result, every key of front matter, every exit code."""

from pathlib import Path

import pytest

from records.code import Citation, CodeAssignment, Considered
from records.finding import Disposition, Finding
from records.formats.facts import DOCUMENT_FACTS, ENCOUNTER_FACTS
from records.query import Query
from records.result import CodingResult, Cost, Fallback, Provenance, Tokens, ToolCallRecord
from service.cli.options import INTERRUPTED

TEXT = (Path(__file__).parents[2] / "service" / "README.md").read_text(encoding="utf-8")
RECORDS = (CodingResult, CodeAssignment, Considered, Citation, Finding, Query, Provenance, ToolCallRecord, Tokens, Cost, Fallback)


@pytest.mark.parametrize("record", RECORDS)
def test_every_field_of_a_result_is_documented(record: type[CodingResult]) -> None:
    assert [name for name in record.model_fields if f"`{name}`" not in TEXT] == []


def test_every_fact_disposition_and_exit_code_is_documented() -> None:
    names = [*ENCOUNTER_FACTS, *DOCUMENT_FACTS, *Disposition]
    assert [name for name in names if f"`{name}`" not in TEXT] == []
    assert f"{INTERRUPTED} stopped by Ctrl-C" in TEXT
