"""Prompts are versioned, a released version never changes, and no value of a template is chart text."""

from importlib.resources import files
from pathlib import Path

import pytest

from prompts import library
from prompts.library import SUFFIX, PromptError, releases, render, template_sha256

SETTING = {
    "patient_class": "outpatient",
    "leading_role": "first_listed",
    "codes_uncertain_diagnoses": False,
    "reports_poa": False,
}


@pytest.mark.parametrize("label", releases().released)
def test_a_released_version_never_changes(label: str) -> None:
    assert template_sha256(label) == releases().released[label], (
        f"{label} was changed. If it was released, put it back and write a new version; "
        f"if it is new, prompts/live.toml must say {template_sha256(label)}"
    )


def test_every_template_is_released_and_every_live_version_exists() -> None:
    folder = Path(str(files("prompts")))
    on_disk = {path.relative_to(folder).as_posix().removesuffix(SUFFIX) for path in folder.rglob("*" + SUFFIX)}
    assert on_disk == set(releases().released)
    assert {f"{name}/v{version}" for name, version in releases().live.items()} <= on_disk


def test_a_rendered_prompt_says_what_it_is() -> None:
    prompt = render("coder", **SETTING)
    assert (prompt.name, prompt.label, prompt.sha256) == ("coder", f"coder/v{prompt.version}", template_sha256(prompt.label))
    assert prompt == render("coder", version=prompt.version, **SETTING)


def test_a_missing_value_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(PromptError, match="patient_class"):
        render("coder", **{name: value for name, value in SETTING.items() if name != "patient_class"})


@pytest.mark.parametrize(("name", "version"), [("coder", 999), ("nobody", None), ("../live", 1)])
def test_what_was_not_released_is_not_rendered(name: str, version: int | None) -> None:
    with pytest.raises(PromptError, match="has not been released"):
        render(name, version=version)


def test_a_template_changed_after_its_release_is_not_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = releases().model_copy(update={"released": {**releases().released, "hand_in/v1": "0" * 64}})
    monkeypatch.setattr(library, "releases", lambda: changed)
    library._environment.cache_clear()
    with pytest.raises(PromptError, match="changed after its release"):
        render("hand_in", version=1)


@pytest.mark.parametrize(("uncertain", "poa"), [(True, True), (True, False), (False, True), (False, False)])
def test_the_uncertain_rule_and_poa_follow_the_setting(uncertain: bool, poa: bool) -> None:
    text = render("coder", **{**SETTING, "codes_uncertain_diagnoses": uncertain, "reports_poa": poa}).text
    assert ("never code them here" in text) is not uncertain
    assert ("at the time of discharge (II.H, III.C)" in text) is uncertain
    assert ("needs its present-on-admission indicator" in text) is poa
