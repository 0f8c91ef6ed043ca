"""CM-018: a condition that a drug caused, without the code of the drug."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.coded_chart import CodedChart, Diagnosis
from guardrails.rule import Hit, rule

_DRUG = (
    r"(?:drugs?|medications?|chemo(?:therapy)?|immunotherapy|statins?|steroids?|prednisone|opio(?:id|ate)s?|warfarin|coumadin|heparin"
    r"|anticoagulants?|antibiotics?|nsaids?|ibuprofen|naproxen|aspirin|ace[- ]?inhibitors?|lisinopril|amiodarone|diuretics?"
    r"|furosemide|hctz|thiazides?|lithium|methotrexate|metformin|insulin|neuroleptics?|antipsychotics?|ssris?|tamoxifen"
    r"|amoxicillin|penicillin|contrast|vancomycin|tmp[-/]smx|bactrim|phenytoin|digoxin)"
)
_CAUSED = re.compile(
    rf"\b{_DRUG}[- ](?:induced|related|associated)\b"
    rf"|\b(?:due to|secondary to|2/2|caused by|induced by|from|side effect of|adverse effect of|reaction to)"
    rf" (?:(?:the|his|her|recent|long[- ]term|high[- ]dose|supratherapeutic) )?{_DRUG}\b",
    re.IGNORECASE,
)
# Underdosing and want of a drug, and what is no disease.
_NOT_TAKEN = re.compile(
    r"\b(?:non-?(?:adherence|compliance)|withdrawal|omission|missed|stopp\w+|discontinu\w+|refus\w+|allerg\w+)\b", re.IGNORECASE
)
_DRUG_CODES = ("T36-T65", "T78", "T80-T88")
_NO_DISEASE = ("V00-Z99",)


@rule(
    "CM-018",
    title="Drug not coded",
    severity="review",
    source="Official Guidelines I.C.19.e.5.a",
)
def drug_not_coded(coded: CodedChart) -> Iterator[Hit]:
    """The nature of an adverse effect is followed by the code of the drug (T36-T50). A condition that its own sentence says a
    drug caused does not stand without any such code."""
    if coded.covered(*_DRUG_CODES):
        return
    for diagnosis in coded.known:
        if diagnosis not in coded.covered(*_NO_DISEASE) and _caused(diagnosis):
            message = f"The chart says that a drug caused {diagnosis.title}, and no code names the drug (T36-T50)."
            yield Hit(message, (diagnosis.name,), tuple(judged.span for judged in diagnosis.usable))


def _caused(diagnosis: Diagnosis) -> bool:
    """Whether a drug is named as the cause within the clause that holds the evidence."""
    for judged in diagnosis.usable:
        for clause in re.split(r"[;,.](?=\s)|\n", judged.sentence):
            if judged.span.text in clause and _CAUSED.search(clause) and not _NOT_TAKEN.search(clause):
                return True
    return False
