"""docs/models.md names every setting of a profile and every field of the log, and every default it states is the default."""

import tomllib
from pathlib import Path

from agent.log_fields import EVENTS, EVERYWHERE, FIELDS
from agent.models.openai.fault import Kind
from agent.models.profiles import Config, Profile
from agent.price import Price

TEXT = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


def test_every_setting_of_a_profile_is_documented() -> None:
    assert [name for name in Profile.model_fields if f"`{name}`" not in TEXT] == []
    assert [name for name in Price.model_fields if f"{name} = " not in TEXT] == []


def test_every_event_and_field_of_the_log_is_documented() -> None:
    rows = TEXT.split("## The log")[1].split("\n## ")[0]
    assert [name for name in (*EVENTS, *FIELDS, *EVERYWHERE, *Kind, "left_out") if f"`{name}`" not in rows] == []


def test_the_configuration_shown_can_be_used() -> None:
    config = Config.model_validate(tomllib.loads(TEXT.split("```toml")[1].split("```")[0]))
    assert list(config.models) == ["basement", "hosted"]
    assert config.prices["large"].cached == 1.25


def test_the_defaults_stated_are_the_defaults() -> None:
    fields = Profile.model_fields
    for names in (
        ("timeout", "connect_timeout", "deadline"),
        ("attempts", "form_attempts"),
        ("breaker_failures", "breaker_seconds"),
    ):
        row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{names[0]}`"))
        assert row.split("|")[2].strip() == ", ".join(f"{fields[name].default:g}" for name in names)
