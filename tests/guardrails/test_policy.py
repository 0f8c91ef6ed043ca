"""What a policy may say, and that one that cannot be read stops everything."""

from pathlib import Path

import pytest

from guardrails.policy import SHIPPED, PolicyError, load_policy
from records.finding import Finding

MINIMAL = 'name = "mine"\nversion = 1\nfinal_without_person = true\n'


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_are_valid_and_hashed(name: str) -> None:
    policy = load_policy(name)
    assert policy.name == name
    assert len(policy.sha256) == 64


def test_the_default_lets_nothing_through() -> None:
    assert load_policy("supervised").final_without_person is False


def test_a_file_is_read_and_its_hash_changes_with_it(tmp_path: Path) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(MINIMAL)
    two.write_text(MINIMAL + "audit_share = 0.1\n")
    assert load_policy(one).sha256 != load_policy(two).sha256


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name = ",
        b"\xff\xfe",
        MINIMAL.replace("true", '"perhaps"').encode(),
        (MINIMAL + "unknown_field = 1\n").encode(),
        (MINIMAL + "audit_share = 2\n").encode(),
        (MINIMAL + 'patient_classes = ["patient"]\n').encode(),
        (MINIMAL + 'sha256 = "abc"\n').encode(),
        (MINIMAL + '[severities]\n"EV-001" = "ignore"\n').encode(),
        (MINIMAL + "[[person_always]]\ncodes = []\nreason = 'x'\n").encode(),
        (MINIMAL + "[[person_always]]\ncodes = ['sepsis']\nreason = 'x'\n").encode(),
        (MINIMAL + "[[person_always]]\ncodes = ['A41', 'e43']\nreason = 'x'\n").encode(),
    ],
)
def test_an_unreadable_policy_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError):
        load_policy(path)


def test_a_missing_policy_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="supervised, straight_through"):
        load_policy(tmp_path / "none.toml")


@pytest.mark.parametrize(("wanted", "becomes"), [("note", "review"), ("review", "review"), ("block", "block")])
def test_a_policy_makes_rules_stricter_and_never_laxer(tmp_path: Path, wanted: str, becomes: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(MINIMAL + f'[severities]\n"EV-011" = "{wanted}"\n')
    finding = Finding(rule_id="EV-011", severity="review", message="m", source="s")
    assert load_policy(path).raised(finding).severity == becomes
