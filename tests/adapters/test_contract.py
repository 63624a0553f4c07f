"""The contract itself: schema, examples, page."""

from __future__ import annotations

import copy
import json
from dataclasses import fields
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from provcheck.harness import contract
from provcheck.harness.cli import main
from provcheck.harness.contract.page import examples, page
from provcheck.harness.model import Connection, Counters, Population, Rule, SourceGroup, SourceUser, SyncSummary

ADA, BEN = SourceUser("u-ada", "ada"), SourceUser("u-ben", "ben")


def validate(name: str, value: object) -> None:
    Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": contract.schema()["$defs"]}).validate(value)


ZERO = {"impacted": 0, "success": 0, "unsynced": 0, "partially_synced": 0, "failed": 0}


def test_the_schema_is_a_schema() -> None:
    """Raises SchemaError if not."""
    Draft202012Validator.check_schema(contract.schema())


@pytest.mark.parametrize("method", contract.METHODS)
def test_each_method_has_an_example_that_meets_the_schema(method: str) -> None:
    """The contract's own readers raise BrokenContract for an example that does not, the validator ValidationError."""
    params, result = examples()[method]
    contract.read_result(method, result)
    contract.read_answer({"jsonrpc": "2.0", "id": 1, "result": result})
    validate(f"{method}_result", result)
    validate(f"{method}_params", params)
    Draft202012Validator(contract.schema()).validate({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})


@pytest.mark.parametrize(("name", "kind"), [("connection", Connection), ("rule", Rule), ("user", SourceUser)])
def test_the_schema_names_every_field(name: str, kind: type) -> None:
    assert set(contract.schema()["$defs"][name]["properties"]) == {each.name for each in fields(kind)}


def test_what_is_sent_is_closed_and_complete_and_answers_are_open() -> None:
    parts = contract.schema()["$defs"]
    sent = {"user", "group", "population", "user_changes", "group_changes", "changes", "connection", "rule"}
    sent |= {f"{method}_{part}" for method in contract.METHODS for part in ("params", "request")}
    for name, part in parts.items():
        assert (part.get("additionalProperties") is False) == (name in sent), name
        assert name not in sent or set(part["required"]) == set(part["properties"]), name


def test_a_user_without_an_external_id_has_its_id_there() -> None:
    told = contract.population_as_dict(Population((ADA,), (SourceGroup("g", "Red", ("u-ada",)),)))
    assert (told["users"][0]["external_id"], told["groups"][0]["external_id"]) == ("u-ada", "g")


def test_changes_are_what_was_put_and_what_is_gone() -> None:
    before = Population((ADA, BEN), (SourceGroup("g", "Red", ("u-ada",)),))
    after = Population((SourceUser("u-ada", "ada.b"),), (SourceGroup("g", "Red", ("u-ada",)),))
    told = contract.changes(before, after)
    assert [user["user_name"] for user in told["users"]["put"]] == ["ada.b"]
    assert told["users"]["removed"] == ["u-ben"]
    assert told["groups"] == {"put": [], "removed": []}


def test_an_unknown_capability_is_refused_by_name() -> None:
    with pytest.raises(contract.BadMessage, match=r"capabilities\[0\] is one of .*, not 'grups'; did you mean groups"):
        contract.read_result("describe", {"contract": 1, "name": "x", "capabilities": ["grups"]})


def test_the_text_about_a_bad_message_is_short() -> None:
    with pytest.raises(contract.BadMessage) as caught:
        contract.read_result("summary", {"summary": {"users": ["x" * 5000]}})
    assert len(str(caught.value)) < 300


def test_an_answer_may_say_more_than_it_must() -> None:
    contract.read_result("apply", {"took": 3})
    summary = {"users": {**ZERO, "impacted": 2.0, "skipped": 1}, "devices": {}}
    read = contract.read_result("summary", {"summary": summary, "took": 3})
    assert read.sync_summary() == SyncSummary(Counters(impacted=2))


def test_a_client_that_names_no_targets_serves_any() -> None:
    described = {"contract": 1, "name": "x", "capabilities": []}
    anything = contract.read_result("describe", described).description()
    scim = contract.read_result("describe", {**described, "targets": ["scim"]}).description()
    assert (anything.serves("slack"), scim.serves("slack"), scim.serves("scim")) == (True, False, True)


def test_the_audit_log_is_read() -> None:
    _, result = examples()["audit"]
    (shown,) = contract.read_result("audit", result).records
    record = shown.record()
    assert (record.entity, record.outcome, record.at.year) == ("u-ada", "success", 2026)


def test_the_page_tells_every_method_and_capability() -> None:
    told = page()
    assert all(f"\n  {method}" in told for method in contract.METHODS)
    assert all(f"\n  {word} " in told for word in contract.CLIENT_CAPABILITIES)


def test_the_command_prints_page_and_schema() -> None:
    run = CliRunner().invoke
    assert run(main, ["contract"]).output == page()
    assert json.loads(run(main, ["contract", "--schema"]).output) == contract.schema()


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ({"users": {"impacted": 5}, "groups": None}, "the answer to summary: summary.users needs success"),
        ({"users": ZERO, "groups": 5}, "the answer to summary: summary.groups is an object, not 5"),
        ({"users": {**ZERO, "failed": "1"}}, "the answer to summary: summary.users.failed is a whole number, not '1'"),
    ],
)
def test_a_summary_that_is_not_as_agreed_is_told_by_its_place(summary: object, said: str) -> None:
    with pytest.raises(contract.BadMessage) as refusal:
        contract.read_result("summary", {"summary": summary})
    assert str(refusal.value).startswith(said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"result": {}}, ""),
        ({"error": {"code": -1, "message": "no"}}, ""),
        ({"result": {}, "error": None}, ""),
        ({"result": None, "error": {"code": -1, "message": "no", "data": []}}, ""),
        ({"result": 5}, "either a result, which is an object, or an error"),
        ({}, "either a result, which is an object, or an error"),
        ({"result": {}, "error": {"code": -1, "message": "no"}}, "either a result, which is an object, or an error"),
        ({"error": {"code": "x", "message": "no"}}, "error.code is a whole number, not 'x'"),
        ({"result": {}, "error": "no"}, "error is an object, not 'no'"),
    ],
)
def test_an_answer_is_read_as_its_schema_says(more: dict[str, object], said: str) -> None:
    answer = {"jsonrpc": "2.0", "id": 1, **more}
    if not said:
        contract.read_answer(answer)
        validate("answer", answer)
        return
    with pytest.raises(contract.BadMessage, match=said):
        contract.read_answer(answer)
    with pytest.raises(ValidationError):
        validate("answer", answer)


JUNK = st.sampled_from([None, True, 0, 5.0, 1.5, -1, "", "x", "user", [], {}, ["x"], {"x": 1}])


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, object]:
    """An example of an answer in which some values are other ones, some are missing, and some are too many."""
    method = draw(st.sampled_from([*contract.METHODS]))
    result = copy.deepcopy(examples()[method][1])
    for _ in range(draw(st.integers(0, 2))):
        at: Any = result
        while isinstance(at, dict | list) and at:
            key = draw(st.sampled_from([*at] if isinstance(at, dict) else [*range(len(at))]))
            if not isinstance(at[key], dict | list) or draw(st.booleans()):
                break
            at = at[key]
        if isinstance(at, dict) and at and draw(st.booleans()):
            del at[key]
        elif at:
            at[key] = copy.deepcopy(draw(JUNK))
        else:
            result["more"] = copy.deepcopy(draw(JUNK))
    return method, result


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_an_answer_is_taken_if_and_only_if_the_schema_allows_it(answer: tuple[str, object]) -> None:
    method, result = answer
    try:
        validate(f"{method}_result", result)
    except ValidationError:
        with pytest.raises(contract.BadMessage):
            contract.read_result(method, result)
        return
    try:
        contract.read_result(method, result)
    except contract.BadMessage as error:
        assert " is a time in ISO 8601" in str(error)  # noqa: PT017 - the schema says it in words
