"""Scenario files: what is written is read again, and what cannot be meant is refused with one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from provcheck.harness.cli import main
from provcheck.harness.generate import BadScenarioFile, parse, read, trials, write
from provcheck.harness.generate.scenario_file import json_schema
from provcheck.harness.model.external_change import (
    AddMember,
    ChangeAccount,
    CreateAccount,
    CreateGroup,
    DeleteAccount,
    DeleteGroup,
    ExternalChanges,
    RemoveMember,
)


def document(**changes: Any) -> str:
    """A small scenario file, changed."""
    good: dict[str, Any] = {
        "provcheck_scenario": 1,
        "name": "small",
        "target": "scim",
        "given": {"users": [{"id": "u-ada", "user_name": "ada"}]},
        "steps": [{"do": "apply"}],
    }
    return json.dumps({**good, **changes})


def test_what_is_written_is_read_again() -> None:
    for trial in trials(150, seed="files"):
        assert parse(write(trial)) == trial


def test_a_file_that_a_person_writes_may_leave_almost_everything_out(tmp_path: Path) -> None:
    (tmp_path / "small.json").write_text(document())
    trial = read(tmp_path / "small.json")
    assert (trial.name, trial.configuration.id, len(trial.disruption)) == ("small", "scim", 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", 'is an object with "provcheck_scenario": 1'),
        (document(provcheck_scenario=2), 'is an object with "provcheck_scenario": 1'),
        (document(target="nix"), "target: 'nix' is no target configuration"),
        (document(target=None), "the scenario: target is a text, not null"),
        (document(colour="red"), "the scenario has no 'colour'"),
        (document(given=[]), "the scenario: given is an object, not []"),
        (document(given={"users": [{"id": "u"}]}), "the scenario: given.users[0] needs user_name"),
        (document(given={"users": [{"id": 1, "user_name": "a"}]}), "the scenario: given.users[0].id is a text, not 1"),
        (document(given={"users": [{"id": "u", "user_name": "a"}] * 2}), "given: two users have the id 'u'"),
        (
            document(given={"connection": {"create_users": "no"}}),
            "the scenario: given.connection.create_users is true or false",
        ),
        (
            document(given={"rule": {"user_filter": "?"}}),
            "the scenario: given.rule.user_filter: a user filter reads like",
        ),
        (document(steps={}), "the scenario: steps is a list"),
        (document(steps=[3]), "the scenario: steps[0]: is an object, not 3"),
        (document(steps=[{"do": "meddle", "edits": [{"do": []}]}]), "the scenario: steps[0].changes[0]: do is create_"),
        (document(steps=[{"do": "meddle", "edits": 7}]), "the scenario: steps[0].changes is a list, not 7"),
        (document(steps=[{"do": "fly"}]), "the scenario: steps[0]: do is apply, resync"),
        (document(steps=[{"do": "crash", "requests": 0}]), "the scenario: steps[0].requests is at least 1"),
        (document(steps=[{"do": "crash"}]), "the scenario: steps[0] needs requests"),
        (document(steps=[{"do": "apply", "edits": [{"do": "join"}]}]), "the scenario: steps[0].edits[0] needs group"),
        (
            document(steps=[{"do": "configure", "changes": {"base_url": "x"}}]),
            "the scenario: steps[0].changes has no 'base_url'",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(BadScenarioFile) as refused:
        parse(text)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_the_words_of_earlier_files_are_still_read() -> None:
    earlier = [
        {"do": "make_account", "account": {"userName": "xia"}},
        {"do": "alter_account", "user_name": "ada", "changes": {"active": False}},
        {"do": "drop_account", "user_name": "ben"},
        {"do": "make_group", "name": "Red", "members": ["xia"]},
        {"do": "add_member", "group": "Red", "user_name": "ada"},
        {"do": "drop_member", "group": "Red", "user_name": "xia"},
        {"do": "drop_group", "name": "Red"},
    ]
    (step,) = parse(document(steps=[{"do": "meddle", "edits": earlier}])).disruption
    assert step == ExternalChanges(
        (
            CreateAccount({"userName": "xia"}),
            ChangeAccount("ada", {"active": False}),
            DeleteAccount("ben"),
            CreateGroup("Red", ("xia",)),
            AddMember("Red", "ada"),
            RemoveMember("Red", "xia"),
            DeleteGroup("Red"),
        )
    )


def test_a_file_may_name_its_schema_for_an_editor() -> None:
    text = document(**{"$schema": "scenario-file.schema.json"})
    assert parse(text) == parse(document())
    Draft202012Validator(json_schema()).validate(json.loads(text))


def test_the_command_prints_the_schema_that_is_published() -> None:
    printed = CliRunner().invoke(main, ["contract", "--scenario-file"]).output
    assert json.loads(printed) == json_schema()


def test_the_schema_of_a_file_is_met_by_what_is_written_and_refuses_what_is_refused() -> None:
    schema = Draft202012Validator(json_schema())
    Draft202012Validator.check_schema(schema.schema)
    for trial in trials(60, seed="schema"):
        schema.validate(json.loads(write(trial)))
    for wrong in ({"steps": [{"do": "fly"}]}, {"colour": "red"}, {"steps": [{"do": "crash", "requests": 0}]}):
        assert not schema.is_valid(json.loads(document(**wrong)))


def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadScenarioFile, match=r"gone.json: No such file"):
        read(tmp_path / "gone.json")
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BadScenarioFile, match="is not UTF-8 text"):
        read(tmp_path / "latin.json")
