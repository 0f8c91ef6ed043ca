"""The policy is documented: every field of it."""

from pathlib import Path

from guardrails.policy import Policy

TEXT = (Path(__file__).parents[2] / "docs" / "guardrails.md").read_text(encoding="utf-8")


def test_every_field_of_a_policy_is_documented() -> None:
    assert [name for name in Policy.model_fields if name != "sha256" and f"`{name}`" not in TEXT] == []
