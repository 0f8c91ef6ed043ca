"""Masking: nothing that names the patient is sent, every offset holds, intervals stay, and the result speaks the original."""

import json
import random
import re
from datetime import date, timedelta
from typing import Any

import pytest

from agent.coding import code_chart
from agent.masking import mask
from agent.masking.dates import find, shift_for
from agent.models.openai.endpoint import Endpoint
from agent.models.openai.model import OpenAIModel
from guardrails.policy import load_policy
from records.chart import Chart, Document
from records.encounter import Encounter
from records.reading import reading
from tests.agent.scripted import ScriptedServer, call, completion, hands_in

TEXT = """Patient: Zebrowski, Quentin Q.   DOB: 03/14/1950
MRN: QX-4471902   Phone (555) 010-4477   quentin.z@example.com
123 North Quagga Street
Date of visit: 6/5/2026

HPI: Mr. Zebrowski had a myocardial infarction on 05/20/2026 and a cough since June 1, 2026. Quentin feels well.
White count 7.2. BP 120/80. Sister has asthma.

ASSESSMENT:
Type 2 diabetes, seen 2026-06-05.
"""
ENCOUNTER = Encounter(
    id="visit-Zebrowski",
    patient_class="outpatient",
    service_date=date(2026, 6, 5),
    birth_date=date(1950, 3, 14),
    identifiers=("Zebrowski", "Quentin", "QX-4471902", "+1 555 010 4477"),
)
NAMES = ("zebrowski", "quentin", "4471902", "010-4477", "quagga")
SECRETS = (*NAMES, "6/5/2026", "05/20/2026", "june 1, 2026", "03/14/1950", "2026-06-05")


def chart(text: str = TEXT) -> Chart:
    documents = (Document(id="note-Zebrowski", kind="office_visit_note", author_role="physician", text=text),)
    return Chart(encounter=ENCOUNTER, documents=documents)


def test_every_offset_holds_and_nothing_but_identifiers_and_dates_changes() -> None:
    made = mask(chart())
    before, after = made.original.documents[0].text, made.masked.documents[0].text
    assert len(before) == len(after)
    assert made.masked.documents[0].lines == made.original.documents[0].lines
    changed = {match.group() for match in re.finditer(r"\S+", before) if after[match.start() : match.end()] != match.group()}
    assert not changed & {"myocardial", "infarction", "White", "7.2.", "120/80.", "Sister", "asthma.", "diabetes,", "Type", "2"}
    kinds = [
        [one.kind for one in reading(side.documents[0]).sections if one.kind != "other"] for side in (made.original, made.masked)
    ]
    assert kinds[0] == kinds[1] == ["hpi", "assessment"]


def test_nothing_that_names_the_patient_is_left() -> None:
    sent = mask(chart()).masked.model_dump_json().lower()
    assert [secret for secret in SECRETS if secret in sent] == []


def test_intervals_stay_as_they_are() -> None:
    made = mask(chart())
    pairs = [list(find(one.documents[0].text)) for one in (made.original, made.masked)]
    before, after = ({found.start: found.on for found in found_dates} for found_dates in pairs)
    assert before.keys() == after.keys()
    assert len(before) == 5
    assert {after[start] - before[start] for start in before} == {timedelta(made.days)}
    assert made.masked.encounter.code_set_date - made.original.encounter.code_set_date == timedelta(made.days)
    assert made.masked.encounter.age_years in (75, 76)
    assert made.days < -29


def test_a_chart_is_masked_the_same_way_each_time_and_two_charts_differently() -> None:
    assert mask(chart()).masked == mask(chart()).masked
    shifts = {mask(chart(TEXT + "x" * number)).days for number in range(6)}
    assert len(shifts) > 1


@pytest.mark.parametrize("seed", range(30))
def test_any_dates_can_be_shifted_at_their_length(seed: int) -> None:
    chance = random.Random(seed)
    text = ""
    for _ in range(12):
        on = date(1990, 1, 1) + timedelta(chance.randrange(13_000))
        spellings = (f"{on.month}/{on.day}/{on.year}", f"{on:%m/%d/%y}", f"{on:%B} {on.day}, {on.year}", f"{on}")
        text += f"{chance.choice(spellings)} and "
    found = list(find(text))
    assert len(found) == 12
    days = shift_for(found, chance)
    assert days is not None
    for one in found:
        written = one.shifted(days)
        assert written is not None
        assert len(written) == len(one.text)
        (again,) = find(written)
        assert (again.on - one.on).days == days or "/" in one.text  # two digits of a year say no century


@pytest.mark.parametrize(
    "text", ["BP 120/80", "5/5 strength", "13/45/2026", "1.2.3", "version 10.2.20261", "02/30/2026", "T12/L1"]
)
def test_what_is_no_date_stays(text: str) -> None:
    assert mask(chart(text)).masked.documents[0].text == text


MASKED_NAME = {"document": "document-1", "quote": "Mr. Xxxxxxxxx had a myocardial"}
MASKED_READ = completion(calls=[call("read_chart", {"document": "document-1"})], finish="tool_calls")


def masking_model(*answers: Any) -> tuple[OpenAIModel, ScriptedServer]:
    server = ScriptedServer(*answers)
    return OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m", mask=True), server), server


def test_a_run_sends_no_identifier_and_its_result_is_that_of_the_original_chart() -> None:
    made = mask(chart())
    shifted = next(one for one in find(made.masked.documents[0].text) if one.text.startswith("20")).text
    draft = {
        "codes": [
            {
                "code": "E11.9",
                "role": "first_listed",
                "evidence": [
                    {"document": "document-1", "line": 10, "quote": f"Type 2 diabetes, seen {shifted}"},
                    {"document": "document-1", "quote": "pneumonia"},
                ],
                "rationale": f"Seen {shifted}.",
            }
        ],
        "considered": [{"code": "I25.2", "reason": "recent", "evidence": [MASKED_NAME]}],
    }
    indicators = [{"document": "document-1", "line": 6, "quote": "Xxxxxxx feels well"}]
    query = {"reason": "specificity", "title": "T", "question": "Q?", "kind": "open", "indicators": indicators}
    asked = completion(calls=[call("draft_query", query)], finish="tool_calls")
    model, server = masking_model(
        MASKED_READ, asked, completion("done"), hands_in(json.dumps(draft)), hands_in(json.dumps(draft))
    )
    result = code_chart("enc-1", chart(), model, load_policy("straight_through"))
    sent = "".join(json.dumps(body) for body in server.sent).lower()
    assert [secret for secret in SECRETS if secret in sent] == []
    (code,) = result.codes
    (span,) = code.evidence
    assert (span.document, span.text) == ("note-Zebrowski", "Type 2 diabetes, seen 2026-06-05")
    assert chart().holds(span)
    assert code.rationale == "Seen 2026-06-05."
    assert result.considered[0].evidence[0].quote == "Mr. Zebrowski had a myocardial"
    assert result.queries[0].clinical_indicators[0].text == "Quentin feels well"
    assert all(chart().holds(indicator) for one in result.queries for indicator in one.clinical_indicators)
    assert "RN-003" not in {finding.rule_id for finding in result.findings}
    assert result.provenance is not None
    assert result.provenance.chart_sha256 == chart().sha256


def test_without_masking_the_chart_is_sent_as_it_is() -> None:
    server = ScriptedServer(
        completion(calls=[call("read_chart", {"document": "note-Zebrowski"})], finish="tool_calls"), completion("done")
    )
    model = OpenAIModel(Endpoint(base_url="http://127.0.0.1:9/v1", model="m"), server)
    code_chart("enc-1", chart(), model, load_policy("straight_through"))
    assert "Zebrowski" in json.dumps(server.sent[1])


def test_a_short_name_is_masked_as_a_capitalised_word_alone() -> None:
    encounter = ENCOUNTER.model_copy(update={"identifiers": ("Li",)})
    text = "LI feels well. Ms. Li takes li- thium, lithium and Lipitor.\n"
    made = mask(Chart(encounter=encounter, documents=(Document(id="n", text=text),)))
    assert made.masked.documents[0].text == "XX feels well. Ms. Xx takes li- thium, lithium and Lipitor.\n"
