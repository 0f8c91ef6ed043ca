"""HL7 v2: observation results (ORU) and documents (MDM), one chart a message. ``hl7`` reads the message, this its meaning."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import hl7

from records.formats.content import ChartError, decode
from records.formats.facts import Parsed, normal
from records.formats.vocabulary import kind_of, vocabulary

_START = re.compile(r"^\x0b?(?=MSH[^\w\s])", re.MULTILINE)
_BREAKS = re.compile(r"\r\n|\n|\r")
_WORDS = frozenset({"TX", "FT", "ST"})
_IDENTIFIERS = ((3, 1), (5, 1), (5, 2), (11, 1), (13, 1), (19, 1))


def is_hl7(text: str) -> bool:
    """Whether the text begins like an HL7 v2 message or a batch of them."""
    return re.match(r"\s*(?:MSH|FHS|BHS)[^\w\s]", text) is not None


def parse(text: str, name: str) -> Iterator[Parsed]:
    """The charts of a file: one a message."""
    starts = [match.end() for match in _START.finditer(text)]
    if not starts:
        raise ChartError("HL7: no message (MSH)")
    for number, (low, high) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True), 1):
        yield _Message(text[low:high]).parsed(name if len(starts) == 1 else f"{name}:{number}")


class _Message:
    """One message, its fields by segment, field and component as the standard numbers them."""

    def __init__(self, text: str) -> None:
        segments = [line for line in _BREAKS.split(text.strip("\x0b\x1c\r\n ")) if re.match(r"[A-Z][A-Z0-9]{2}(?:\W|$)", line)]
        try:
            self.message = hl7.parse("\r".join(segments))
        except Exception as error:  # noqa: BLE001 - the library raises whatever slicing a malformed message raises
            raise ChartError(f"HL7: the message cannot be parsed ({type(error).__name__})") from None

    def segments(self, name: str) -> list[Any]:
        return [segment for segment in self.message if str(segment[0]) == name]

    def value(self, segment: Any, field: int, component: int = 1, repetition: int = 0) -> str:
        """One component of one repetition of a field, unescaped; empty when it is not there."""
        try:
            found = segment[field][repetition]
        except IndexError:
            return ""
        if isinstance(found, str):
            return self.unescape(found) if component == 1 else ""
        try:
            part = found[component - 1]
        except IndexError:
            return ""
        return self.unescape(part if isinstance(part, str) else str(part[0]))

    def unescape(self, text: str) -> str:
        escape = self.message.esc
        text = text.replace(f"{escape}.br{escape}", "\n").replace(f"{escape}.sp{escape}", "\n")
        return str(self.message.unescape(text)).strip("\r")

    def parsed(self, name: str) -> Parsed:
        encounter = self._encounter()
        documents = self._documents(encounter)
        if not documents:
            raise ChartError("HL7: the message holds no document (OBX)")
        chart_id = encounter.get("id") or name
        return Parsed(name if ":" in name else chart_id, {**encounter, "id": chart_id}, documents)

    def _encounter(self) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        for visit in self.segments("PV1")[:1]:
            facts["id"] = self.value(visit, 19)
            facts["patient_class"] = vocabulary().hl7.patient_class.get(self.value(visit, 2).upper())
            facts["specialty"] = self.value(visit, 10)
            facts["discharge_disposition"] = self.value(visit, 36)
            admitted, discharged = _date(self.value(visit, 44)), _date(self.value(visit, 45))
            if facts["patient_class"] == "inpatient":
                facts |= {"admit_date": admitted, "discharge_date": discharged}
            else:
                facts["service_date"] = admitted
        for patient in self.segments("PID")[:1]:
            facts["birth_date"] = _date(self.value(patient, 7))
            facts["sex"] = normal("sex", self.value(patient, 8)) if self.value(patient, 8) in ("F", "M") else None
            facts["identifiers"] = tuple(dict.fromkeys(filter(None, (self.value(patient, *at) for at in _IDENTIFIERS))))
        return {key: value for key, value in facts.items() if value}

    def _documents(self, encounter: dict[str, Any]) -> list[dict[str, Any]]:
        """One document for each group of OBX below its OBR or TXA."""
        documents: list[dict[str, Any]] = []
        head: Any = None
        texts: list[str] = []
        scans = 0
        for segment in [*self.message, None]:
            name = "" if segment is None else str(segment[0])
            if name == "OBX":
                words = self._observation(segment)
                if words is None:
                    scans += 1
                else:
                    texts.append(words)
            elif name == "NTE" and texts:
                texts.append(self._words(segment, 3))
            elif name in ("OBR", "TXA", ""):
                if texts:
                    documents.append(self._document(head, texts, len(documents) + 1, encounter))
                # An MDM message may carry both; the TXA says more of the document.
                if name == "TXA" or texts or head is None or str(head[0]) != "TXA":
                    head = segment
                texts = []
        # What is not text is kept as a document without words: a rule sends it to a person.
        documents += [{"id": f"scan-{number}", "kind": "scan", "text": ""} for number in range(1, scans + 1)]
        return documents

    def _document(self, head: Any, texts: list[str], number: int, encounter: dict[str, Any]) -> dict[str, Any]:
        facts: dict[str, Any] = {"id": f"document-{number}", "text": "\n".join(texts)}
        if head is None:
            return facts
        tables = vocabulary().hl7
        if str(head[0]) == "TXA":
            kind = tables.document_kind.get(self.value(head, 2).upper()) or kind_of(self.value(head, 2, 2) or self.value(head, 2))
            facts["author_role"] = vocabulary().role_of(self.value(head, 9, 7) or self.value(head, 5, 7), kind)
            facts["signed"] = tables.signed.get(self.value(head, 17).upper())
            done = _date(self.value(head, 4))
        else:
            kind = tables.section_kind.get(self.value(head, 24).upper()) or kind_of(self.value(head, 4, 2))
            facts["author_role"] = self._interpreter(head, kind)
            facts["signed"] = False if self.value(head, 25).upper() in ("I", "O", "P", "R", "S") else None
            done = _date(self.value(head, 7))
        facts["kind"] = kind
        if done and not encounter.keys() & {"service_date", "admit_date", "discharge_date"}:
            encounter["service_date"] = done
        return {key: value for key, value in facts.items() if value is not None}

    def _interpreter(self, head: Any, kind: str) -> str:
        """The role of the principal interpreter (OBR-32, a name with sub-components: the degree is the sixth)."""
        try:
            name = head[32][0][0]
        except IndexError:
            return "unknown"
        parts = [str(part) for part in name] if not isinstance(name, str) else [name]
        return vocabulary().role_of(parts[6] if len(parts) > 6 else "", kind)

    def _words(self, segment: Any, field: int) -> str:
        try:
            repetitions = len(segment[field])
        except IndexError:
            return ""
        return "\n".join(self._whole(segment, field, number) for number in range(repetitions))

    def _whole(self, segment: Any, field: int, repetition: int) -> str:
        """A repetition with its component separators: in a text they are somebody's words, not structure."""
        return self.unescape(str(segment[field][repetition]))

    def _observation(self, segment: Any) -> str | None:
        kind = self.value(segment, 2).upper()
        if kind in _WORDS:
            return self._words(segment, 5)
        if kind == "ED":
            return self._encapsulated(segment)
        value = self.value(segment, 5, 2) or self.value(segment, 5)
        if kind == "SN":
            value = "".join(self.value(segment, 5, part) for part in range(1, 5))
        name = self.value(segment, 3, 2) or self.value(segment, 3)
        pieces = (f"{name}:", value, self.value(segment, 6), self.value(segment, 8) and f"({self.value(segment, 8)})")
        return " ".join(piece for piece in pieces if piece)

    def _encapsulated(self, segment: Any) -> str | None:
        """Encapsulated text; None for a scan or a PDF."""
        if self.value(segment, 5, 4).lower() != "base64" or self.value(segment, 5, 2).upper() not in ("TEXT", "TX"):
            return None
        try:
            return decode(base64.b64decode(self.value(segment, 5, 5), validate=True))
        except (binascii.Error, ValueError):
            raise ChartError("HL7: an encapsulated text is not valid base64") from None


def _date(value: str) -> str | None:
    """An HL7 timestamp's day; None when it is not precise to the day or is no date."""
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8])).isoformat()
    except ValueError:
        return None
