"""Reading gold: strict about what scoring rests on, keeping everything else."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.gold import GoldError, read_gold
from tests.evals.made import OUTPATIENT

CHART = {"encounter": OUTPATIENT, "documents": [{"id": "note", "text": "Secretword cough."}]}


def written(folder: Path, *golds: Any, **more: Any) -> Path:
    path = folder / "set.jsonl"
    lines = [{"id": f"c{number}", "chart": CHART, "gold": gold, **more} for number, gold in enumerate(golds)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_unknown_keys_are_kept(tmp_path: Path) -> None:
    gold = {"codes": [{"any_of": ["R05.9"], "tier": "must", "icd9cm": "786.2"}], "annotators": 2}
    (one,) = read_gold(written(tmp_path, gold))
    assert one.gold.model_extra == {"annotators": 2}
    assert one.gold.codes[0].model_extra == {"icd9cm": "786.2"}


def test_codes_are_spelled_as_the_book_spells_them(tmp_path: Path) -> None:
    gold = {"first_listed": ["e1165"], "codes": [{"any_of": ["e1165", "E11.65"], "tier": "may"}], "traps": [{"code": "r059"}]}
    (one,) = read_gold(written(tmp_path, gold))
    assert one.gold.codes[0].any_of == one.gold.first_listed == ("E11.65",)
    assert one.gold.traps is not None
    assert one.gold.traps[0].code == "R05.9"


@pytest.mark.parametrize(
    ("gold", "named"),
    [
        ({"codes": [{"any_of": ["R05.9"]}]}, "codes.0.tier"),
        ({"codes": [{"any_of": ["R05.9"], "tier": "should"}]}, "codes.0.tier"),
        ({"codes": [{"any_of": [], "tier": "must"}]}, "codes.0.any_of"),
        ({"first_listed": []}, "codes"),
        ("Secretword", "has no gold"),
        ({"codes": [], "label_space": "nowhere"}, "nowhere-label-space.json"),
        ({"codes": [], "label_space": "../set"}, "label_space"),
    ],
)
def test_gold_that_cannot_be_scored_is_refused_with_its_place(tmp_path: Path, gold: Any, named: str) -> None:
    with pytest.raises(GoldError, match=r"set\.jsonl line 1: .*") as caught:
        read_gold(written(tmp_path, gold))
    assert named in str(caught.value)
    assert "Secretword" not in str(caught.value)


def test_label_space_by_list_and_by_name(tmp_path: Path) -> None:
    (tmp_path / "chest-label-space.json").write_text('["r059", "J18.9"]', encoding="utf-8")
    listed, named, free = read_gold(
        written(tmp_path, {"codes": [], "label_space": ["J90"]}, {"codes": [], "label_space": "chest"}, {"codes": []})
    )
    assert listed.labels == {"J90"}
    assert named.labels == {"R05.9", "J18.9"}
    assert free.labels is None


def test_a_chart_that_cannot_be_read_stays_in_the_set(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"id": "c", "chart": {"encounter": {}, "documents": []}, "gold": {"codes": []}}), encoding="utf-8")
    (one,) = read_gold(path)
    assert one.chart is None
    assert one.error


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"codes": []})
    path.write_text(path.read_text(encoding="utf-8") * 2, encoding="utf-8")
    with pytest.raises(GoldError, match="'c0' stands already"):
        read_gold(path)


def test_a_folder_of_files_is_a_set(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"chart": CHART, "gold": {"codes": []}}), encoding="utf-8")
    assert [one.id for one in read_gold(tmp_path)] == ["a", "b"]
    assert [one.id for one in read_gold(tmp_path / "b.json")] == ["b"]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no such file"):
        read_gold(tmp_path / "none.jsonl")
