"""PC-001: ICD-10-PCS codes that no row of the tables makes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codebook import pcs
from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule

# Seven characters; the letters O and I are not used, so that none is taken for a figure.
_SHAPE = re.compile(r"[0-9A-HJ-NP-Z]{7}")


@rule(
    "PC-001",
    title="ICD-10-PCS table row",
    severity="block",
    source="ICD-10-PCS Official Guidelines A1-A11; ICD-10-PCS tables of the release in force",
)
def procedure_code(coded: CodedChart) -> Iterator[Hit]:
    """Every ICD-10-PCS code has the shape of one and is a row of the tables in force: the finding says at which character it
    leaves them. Without the tables a person checks (rule RN-012); with an older release only, the finding is a review."""
    on = coded.encounter.code_set_date
    for assignment in coded.codes:
        if assignment.system != "icd10pcs":
            continue
        if not _SHAPE.fullmatch(assignment.code.strip().upper()):
            yield Hit("The code has not the shape of an ICD-10-PCS code.", (assignment.code,))
            continue
        found = pcs.procedure(assignment.code, on)
        if found.held and not found.valid:
            where = f" It leaves them at the {found.wrong_axis.replace('_', ' ')}." if found.wrong_axis else ""
            message = f"The code is in no table of {found.release}.{where}"
            yield Hit(message, (assignment.code,), severity=None if found.in_force else "review")
