"""DC-006: a malignancy the provider concludes and no code says."""

from __future__ import annotations

from collections.abc import Iterator

from guardrails.coded_chart import CodedChart
from guardrails.rule import Hit, rule
from guardrails.statements import stated
from records.chart import Span
from records.reading import reading

# Neoplasms, what was removed, the treatment, and what is only found in cells.
_SAYING = ("C00-D49", "Z85", "Z86.0", "Z51.0", "Z51.1", "R85-R87", "R92")
_MALIGNANT = (
    r"\b(?:adeno|squamous cell |basal cell |urothelial |hepatocellular |ductal |lobular )?carcinoma\b(?! (?:screen|surveil))"
    r"|\badenocarcinoma\b|\b(?:lymphoma|melanoma|leiomyosarcoma|osteosarcoma|sarcoma|multiple myeloma)\b|\bleuka?emia\b"
    r"|\bmetasta(?:sis|ses|tic)\b"
)
_PARTS = ("oma", "leuk", "metasta")
_CONCLUDING = frozenset({"assessment", "plan", "assessment_plan", "impression", "diagnosis", "mdm"})


@rule(
    "DC-006",
    title="Malignancy not coded",
    severity="review",
    source="Official Guidelines I.C.2 and IV.J: all documented conditions that coexist",
)
def malignancy_not_coded(coded: CodedChart) -> Iterator[Hit]:
    """Where the provider concludes that there is a malignancy, some code says so: of the neoplasm or its history. A claim
    whose other codes are right is still not complete without it, and a person looks."""
    if not coded.diagnoses or coded.covered(*_SAYING) or not _may_say(coded):
        return
    spans = tuple(span for span in stated(coded.chart, _MALIGNANT) if _concluded(coded, span))
    if spans:
        yield Hit("The chart concludes that there is a malignancy, and no code says so.", (), spans)


def _may_say(coded: CodedChart) -> bool:
    """Whether the chart has a part of a word for a malignancy at all, which costs less to see than the words."""
    texts = [document.text.lower() for document in coded.chart.documents]
    return any(part in text for part in _PARTS for text in texts)


def _concluded(coded: CodedChart, span: Span) -> bool:
    document = coded.chart.document(span.document)
    return document is not None and reading(document).section_at(span.start).kind in _CONCLUDING
