"""Other systems' codes as a chart spells them, read once from ``vocabulary.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from records.base import Record

_NOT_KIND = re.compile(r"[^a-z0-9]+")


class Hl7Tables(Record):
    """HL7 v2 tables, by code."""

    patient_class: dict[str, str]
    document_kind: dict[str, str]
    section_kind: dict[str, str]
    signed: dict[str, bool]


class FhirTables(Record):
    """FHIR and LOINC codes."""

    patient_class: dict[str, str]
    document_kind: dict[str, str]


class Vocabulary(Record):
    """Everything the file says; its comments name the tables."""

    hl7: Hl7Tables
    fhir: FhirTables
    role: dict[str, str]
    interpreter: dict[str, str]

    def role_of(self, degree: str, kind: str) -> str:
        """The author's role by degree and by the kind of document; unknown when the degree is not one of the table."""
        for word in re.split(r"[\s,;/]+", degree.replace(".", "").upper()):
            if role := self.role.get(word):
                return self.interpreter.get(kind, role) if role == "physician" else role
        return "unknown"


@cache
def vocabulary() -> Vocabulary:
    """The one vocabulary."""
    return Vocabulary.model_validate(tomllib.loads(files("records.formats").joinpath("vocabulary.toml").read_text("utf-8")))


def kind_of(words: str) -> str:
    """A document's own title as a kind: "Discharge Summary" is discharge_summary; unknown when it has no words."""
    return _NOT_KIND.sub("_", words.lower()).strip("_")[:60] or "unknown"
