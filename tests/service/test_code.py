"""``chartproof code``: one line a chart, in order, whatever happens to it; exit codes; nothing of a chart on stderr."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.messages import Message, Reply
from agent.model import HandIn, Model, ModelFailure
from records.chart import Chart
from records.code import Draft
from tests.agent.scripted import DONE, ScriptedModel
from tests.service.conftest import Ran

Run = Callable[..., Ran]
ENCOUNTER = {"patient_class": "outpatient", "service_date": "2026-06-15"}
TEXT = "Assessment:\nType 2 diabetes without complication.\nNo pneumonia.\n"
FIELDS = ["id", "codes", "considered", "findings", "queries", "disposition", "reasons"]
FIELDS += ["scores", "score", "signals", "provenance", "error"]


def row(name: str, text: str = TEXT, **encounter: Any) -> str:
    document = {"id": "note", "author_role": "physician", "text": text}
    return json.dumps({"id": name, "chart": {"encounter": ENCOUNTER | encounter, "documents": [document]}})


def lines(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.mark.usefixtures("scripted")
def test_a_result_has_every_documented_field_and_its_evidence_is_verbatim(chartproof: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(row("enc-1"))
    ran = chartproof("code", path, "--json")
    (line,) = lines(ran)
    assert ran.code == 0
    assert list(line) == FIELDS
    assert line["id"] == "enc-1"
    assert (line["codes"][0]["code"], line["codes"][0]["sequence"]) == ("E11.9", 1)
    evidence = line["codes"][0]["evidence"][0]
    assert TEXT[evidence["start"] : evidence["end"]] == evidence["text"] == "Type 2 diabetes"
    made = line["provenance"]
    assert (made["model"], made["prompt"], made["policy"]) == ("scripted", "coder_outpatient/v1", "supervised/v1")
    assert made["releases"] == ["icd10cm-2026-04-01"]
    assert all(len(made[name]) == 64 for name in ("prompt_sha256", "rules_sha256", "policy_sha256", "chart_sha256"))


@pytest.mark.usefixtures("scripted")
def test_options_make_a_chart_of_a_bare_note(chartproof: Run, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text(TEXT)
    facts = ("--patient-class", "outpatient", "--service-date", "2026-06-15", "--sex", "female", "--birth-date", "1967-01-15")
    ran = chartproof("code", path, *facts, "--json")
    assert (ran.code, lines(ran)[0]["id"], ran.err) == (0, "note", "")


def test_a_thousand_lines_of_which_three_are_broken(chartproof: Run, with_model: Callable[[Model], None], tmp_path: Path) -> None:
    with_model(ScriptedModel(drafts=[Draft()]))
    path = tmp_path / "many.jsonl"
    broken = {7: '{"id": "torn', 500: row("x", patient_class="walk-in"), 999: "null"}
    path.write_text("\n".join(broken.get(number) or row(f"c{number}", "Cough.") for number in range(1, 1_001)))
    ran = chartproof("code", path, "--json")
    answers = lines(ran)
    assert ran.code == 1
    assert len(answers) == 1_000
    assert [number for number, line in enumerate(answers, 1) if line["error"]] == list(broken)
    assert all(line["id"] == f"c{number}" for number, line in enumerate(answers, 1) if number not in broken)
    assert all(answers[number - 1]["disposition"] == "held" for number in broken)
    complaints = ran.err.splitlines()
    assert [f"{path} line {number}:" in line for number, line in zip(broken, complaints, strict=True)] == [True] * 3


BAD = {
    "empty.txt": b"",
    "binary.txt": b"\x00\x01\x02",
    "latin.txt": "Ménière".encode("latin-1"),
    "broken.json": b"{",
    "nodate.txt": b"---\npatient_class: outpatient\n---\ncough",
    "class.txt": b"---\npatient_class: clinic\nservice_date: 2026-06-15\n---\ncough",
    "large.txt": b"cough " * 1_000_000,
}


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_naming_the_file_and_the_rest_is_done(chartproof: Run, tmp_path: Path, name: str) -> None:
    bad, good = tmp_path / name, tmp_path / "good.json"
    bad.write_bytes(BAD[name])
    good.write_text(row("good"))
    ran = chartproof("code", bad, good, "--json")
    assert ran.code == 1
    assert (lines(ran)[0]["disposition"], lines(ran)[0]["codes"]) == ("held", [])
    assert lines(ran)[0]["error"]
    assert lines(ran)[1]["id"] == "good"
    assert len(ran.err.splitlines()) == 1
    assert str(bad) in ran.err
    assert chartproof("code", bad, "--json").code == 2


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize(
    "command", ["code", "code a --nonsense", "code gone.txt", "code gone.txt --policy no", "search", "search --date never cough"]
)
def test_usage_and_input_errors_are_2(chartproof: Run, command: str) -> None:
    assert chartproof(*command.split()).code == 2


def test_an_unknown_model_is_one_line(chartproof: Run, tmp_path: Path) -> None:
    ran = chartproof("code", tmp_path / "a.json", "--model", "gpt-oracle")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "chartproof: model 'gpt-oracle': not one of offline, openai\n"


def test_an_endpoint_that_is_not_configured_is_one_line(chartproof: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHARTPROOF_BASE_URL", raising=False)
    ran = chartproof("code", tmp_path / "a.json", "--model", "openai")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "CHARTPROOF_BASE_URL" in ran.err


@pytest.mark.usefixtures("scripted")
def test_a_date_of_no_release_is_held_and_one_after_the_last_goes_to_a_person(chartproof: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(row("old", service_date="2015-01-01") + "\n" + row("future", service_date="2031-06-15"))
    ran = chartproof("code", path, "--json", "--policy", "straight_through")
    old, future = lines(ran)
    assert (ran.code, old["disposition"], old["codes"]) == (1, "held", [])
    assert "2015-01-01" in old["error"]
    assert future["error"] is None
    assert future["disposition"] != "final_coded"
    assert [one["codes"] for one in future["findings"] if one["rule_id"] == "CM-002"] == [["E11.9"]]


class Failing:
    """A model that raises on the second chart what the test gives it."""

    name = "failing"
    endpoint = ""

    def __init__(self, raised: Callable[[str], None]) -> None:
        self.raised = raised
        self.charts = 0

    def turn(self, messages: list[Message], tools: list[dict[str, Any]]) -> Reply:
        return DONE

    def draft(self, messages: list[Message], chart: Chart) -> HandIn:
        self.charts += 1
        if self.charts == 2:
            self.raised(chart.documents[0].text)
        return ScriptedModel(drafts=[Draft()]).draft(messages, chart)  # no codes: no correction round


def _model_failure(text: str) -> None:
    raise ModelFailure("the endpoint did not answer")


def _bug(text: str) -> None:
    raise KeyError(text)


@pytest.mark.parametrize(
    ("raised", "reason"),
    [(_model_failure, "model failing: the endpoint did not answer"), (_bug, "internal error: KeyError at ")],
)
def test_a_chart_whose_model_fails_is_held_and_the_others_are_done(
    chartproof: Run, with_model: Callable[[Model], None], tmp_path: Path, raised: Callable[[str], None], reason: str
) -> None:
    with_model(Failing(raised))
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(row(name, "ZQXMARKER cough") for name in "abc"))
    ran = chartproof("code", path, "--json", "--policy", "straight_through")
    assert ran.code == 1
    assert [line["id"] for line in lines(ran)] == ["a", "b", "c"]
    failed = lines(ran)[1]
    assert failed["disposition"] == "held"
    assert failed["error"].startswith(reason)
    assert failed["reasons"][0].startswith(reason)
    assert "ZQXMARKER" not in ran.err + failed["error"] + " ".join(failed["reasons"])


def test_ctrl_c_leaves_the_finished_results(chartproof: Run, with_model: Callable[[Model], None], tmp_path: Path) -> None:
    with_model(Failing(lambda text: signal.raise_signal(signal.SIGINT)))
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(row(name) for name in "abc"))
    ran = chartproof("code", path, "--json")
    assert ran.code == 130
    assert [line["id"] for line in lines(ran)] == ["a"]
    assert ran.err == "chartproof: stopped: the results of 1 charts are written\n"


MARKER = "ZQXMARKER"
MARKED = {
    "note.txt": f"---\npatient_class: {MARKER}\nservice_date: 2026-06-15\n---\n{MARKER}",
    "key.txt": f"---\nsex: F\n{MARKER}: {MARKER}\n---\n{MARKER}",
    "date.txt": f"---\npatient_class: outpatient\nservice_date: {MARKER}\n---\n{MARKER}",
    "torn.json": f'{{"id": "{MARKER}", "chart": "{MARKER}',
    "field.json": json.dumps({"chart": {"encounter": ENCOUNTER | {MARKER: MARKER}, "documents": [{MARKER: MARKER}]}}),
    "class.json": json.dumps({"chart": {"encounter": {"patient_class": MARKER, "sex": MARKER}, "documents": []}}),
    "role.json": json.dumps({"chart": {"encounter": ENCOUNTER, "documents": [{"id": "", "signed": MARKER, "text": 5}]}}),
    "message.hl7": f"MSH|^~\\&|{MARKER}\rPID|1||{MARKER}||{MARKER}\rOBX|1|ED|{MARKER}||^^TEXT^Base64^{MARKER}!!",
    "bundle.json": json.dumps({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": MARKER, "id": MARKER}}]}),
    "rows.jsonl": f'"{MARKER}"\n{{"chart": {MARKER}}}\n{row("good", MARKER)}',
    "good.json": row("good", f"{MARKER} Assessment: {MARKER}"),
}


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize("options", [("--json",), ()])
def test_no_word_of_a_chart_reaches_stderr_or_an_error(chartproof: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    for name, content in MARKED.items():
        (tmp_path / name).write_text(content)
    ran = chartproof("code", *(tmp_path / name for name in MARKED), *options)
    assert ran.code == 1
    assert len(ran.err.splitlines()) >= len(MARKED) - 1
    assert MARKER not in ran.err
    if options:
        answers = lines(ran)
        assert len(answers) == len(MARKED) + 2
        told = [line["error"] or "" for line in answers] + [reason for line in answers for reason in line["reasons"]]
        told += [finding["message"] for line in answers for finding in line["findings"]]
        assert MARKER not in " ".join(told)


@pytest.mark.usefixtures("scripted")
def test_the_log_goes_where_the_environment_says_and_nowhere_else(
    chartproof: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, log = tmp_path / "a.jsonl", tmp_path / "log"
    path.write_text(row("enc-1") + "\n" + "no chart\n")
    quiet = chartproof("code", path, "--json")
    monkeypatch.setenv("CHARTPROOF_LOG", str(log))
    logged = chartproof("code", path, "--json")
    assert logged.err == quiet.err
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [told[0]["event"], told[-2]["event"], told[-1]["event"]] == ["chart_started", "chart_ended", "chart_unread"]
    assert told[-2]["chart"] == lines(logged)[0]["provenance"]["chart_sha256"]
    monkeypatch.setenv("CHARTPROOF_LOG", "json")
    refused = chartproof("code", path)
    assert (refused.code, refused.out, refused.err) == (
        2,
        "",
        "chartproof: CHARTPROOF_LOG is stderr, or a file with its folder\n",
    )
    monkeypatch.setenv("CHARTPROOF_LOG", "")
    chartproof("--version")
