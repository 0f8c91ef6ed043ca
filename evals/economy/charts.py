"""Long charts, made up: many documents, mostly routine, a few of which say what is to be coded."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field

from records.base import Record
from records.chart import Chart, Document
from records.encounter import Encounter

DAY = "2026-06-15"


class Texts(Record):
    """What the documents are made of: routine lines, conditions that are concluded, and what is denied or of others."""

    routine: tuple[str, ...] = Field(min_length=10)
    concluded: tuple[str, ...] = Field(min_length=5)
    passing: tuple[str, ...] = Field(min_length=5)


@cache
def texts() -> Texts:
    """The texts, from texts.toml."""
    return Texts.model_validate(tomllib.loads(files("evals.economy").joinpath("texts.toml").read_text("utf-8")))


def long_chart(documents: int, characters: int, conditions: int, seed: int) -> Chart:
    """An inpatient chart of so many documents and about so many characters, with so many conditions concluded in it."""
    chance = random.Random(seed)
    each = characters // documents
    concluded = chance.sample(texts().concluded, min(conditions, len(texts().concluded)))
    where = {chance.randrange(documents): one for one in concluded}
    made = tuple(_document(number, each, where.get(number, ""), chance) for number in range(documents))
    encounter = {"id": f"long-{seed}", "patient_class": "inpatient", "admit_date": DAY, "discharge_date": DAY}
    return Chart(encounter=Encounter.model_validate(encounter), documents=made)


def _document(number: int, characters: int, concluded: str, chance: random.Random) -> Document:
    lines = ["PROGRESS NOTE", "SUBJECTIVE:"]
    size = 0
    while size < characters:
        line = chance.choice(texts().passing if chance.random() < 0.1 else texts().routine)
        lines.append(line)
        size += len(line) + 1
    lines += ["ASSESSMENT:", f"{concluded}." if concluded else "Unchanged. Continue as ordered."]
    return Document(id=f"n{number + 1}", kind="progress_note", author_role="physician", text="\n".join(lines) + "\n")
