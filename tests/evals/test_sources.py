"""Gold in the formats others keep it in: the same charts, codes and spans come out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.gold import GoldChart, GoldError, GoldSet

FACTS = {"patient_class": "inpatient", "claim_type": "facility", "discharge_date": "2026-06-15"}
TEXT = "Hypertension. Type 2 diabetes with\nchronic kidney disease.\n"


def spans(chart: GoldChart) -> dict[str, list[str]]:
    """The words each code's evidence stands on, by where they stand."""
    assert chart.chart is not None, chart.error
    found = {}
    for group in chart.gold.codes:
        documents = [(chart.chart.document(span.document), span) for span in group.evidence or ()]
        found[group.any_of[0]] = [document.text[span.start : span.end] for document, span in documents if document]
    return found


def test_charts_with_gold_beside_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.gold.json").write_text(json.dumps({"codes": [{"any_of": ["I10"], "tier": "must"}]}))
    (tmp_path / "unlabelled.txt").write_text(TEXT)
    (one,) = GoldSet(tmp_path, FACTS)
    assert (one.id, one.gold.codes[0].any_of) == ("a", ("I10",))
    assert one.chart is not None
    (tmp_path / "b.gold.json").write_text("{}")
    with pytest.raises(GoldError, match="no chart b beside it"):
        GoldSet(tmp_path, FACTS)


def test_a_table_of_charts_and_codes(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "a.txt").write_text(TEXT)
    table = tmp_path / "gold.csv"
    table.write_text(
        "Chart,code,tier,first_listed,group,start,end\na,I10,,yes,,0,12\na,E11.22,,,dm,14,29\na,E11.9,,,dm,,\na,N18.9,may,,,,\n"
    )
    for path in (table, tmp_path):
        (one,) = GoldSet(path, FACTS)
        assert one.gold.first_listed == ("I10",)
        assert [(group.any_of, group.tier) for group in one.gold.codes] == [
            (("I10",), "must"),
            (("E11.22", "E11.9"), "must"),
            (("N18.9",), "may"),
        ]
    assert one.gold.codes[0].evidence is not None
    assert (one.gold.codes[0].evidence[0].start, one.gold.codes[0].evidence[0].end) == (0, 12)


@pytest.mark.parametrize("bad", ["chart\na\n", "chart,code\n,I10\n", "chart,code\nnowhere,I10\n", "chart,code,start\na,I10,x\n"])
def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path, bad: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "gold.csv").write_text(bad)
    with pytest.raises(GoldError, match=r"gold\.csv"):
        GoldSet(tmp_path / "gold.csv", FACTS)


def test_brat_stand_off(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("---\npatient_class: outpatient\nservice_date: 2026-06-15\n---\n" + TEXT)
    shift = len("---\npatient_class: outpatient\nservice_date: 2026-06-15\n---\n")
    disease = TEXT.index("chronic")
    (tmp_path / "a.ann").write_text(
        f"T1\tI10 {shift} {shift + 12}\tHypertension\n"
        f"T2\tDisease {shift + 14} {shift + 29};{shift + disease} {shift + disease + 22}\tType 2 ... disease\n"
        "#1\tAnnotatorNotes T2\tE11.22 N18.9\n"
        f"T3\tNegated {shift} {shift + 4}\tHype\n"
        f"T4\tDisease {shift + disease} {shift + disease + 22}\tchronic kidney disease\nN1\tReference T4 ICD10CM:N18.9\tCKD\n"
    )
    (one,) = GoldSet(tmp_path)
    both = ["Type 2 diabetes", "chronic kidney disease"]
    assert spans(one) == {"I10": ["Hypertension"], "E11.22": both, "N18.9": both}


def test_codiesp_tables(tmp_path: Path) -> None:
    (tmp_path / "text_files").mkdir()
    (tmp_path / "text_files" / "s1.txt").write_text(TEXT)
    (tmp_path / "D.tsv").write_text("s1\ti10\ns1\te11.22\n")
    (tmp_path / "X.tsv").write_text(
        "s1\tDIAGNOSTICO\ti10\thypertension\t0 12\ns1\tPROCEDIMIENTO\tbw03zzz\tx\t1 2\ns1\tDIAGNOSTICO\te11.22\td\t14 29;35 57\n"
    )
    (plain,), (marked,) = GoldSet(tmp_path / "D.tsv", FACTS), GoldSet(tmp_path / "X.tsv", FACTS)
    assert spans(plain) == {"I10": [], "E11.22": []}
    assert spans(marked) == {"I10": ["Hypertension"], "E11.22": ["Type 2 diabetes", "chronic kidney disease"]}
    assert plain.gold.code_everything
    assert marked.gold.code_everything


def mdace(text: str) -> str:
    annotations = [
        {"begin": 0, "end": 12, "code": "I10", "code_system": "ICD-10-CM", "description": "", "type": "Human"},
        {"begin": 0, "end": 4, "code": "5A1935Z", "code_system": "ICD-10-PCS", "description": "", "type": "Human"},
    ]
    note = {"note_id": 7, "category": "Discharge summary", "description": "Report", "annotations": annotations, "text": text}
    return json.dumps({"hadm_id": 1, "comment": "", "notes": [note]})


def test_mdace_files(tmp_path: Path) -> None:
    (tmp_path / "1-ICD-10.json").write_text(mdace(TEXT))
    for path in (tmp_path, tmp_path / "1-ICD-10.json"):
        (one,) = GoldSet(path, FACTS)
        assert (one.id, spans(one)) == ("mdace-1", {"I10": ["Hypertension"]})
        assert one.chart is not None
        assert one.chart.documents[0].kind == "discharge_summary"


def test_mdace_without_its_texts_is_a_chart_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "1-ICD-10.json").write_text(mdace(""))
    (one,) = GoldSet(tmp_path, FACTS)
    assert one.chart is None
    assert "no text" in one.error
