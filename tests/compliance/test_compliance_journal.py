"""The journal: what each exchange was about, what was answered, and what truly happened."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.journal.journal import BODY_LIMIT, Journal
from tests.compliance.compliance_actions import ACTIONS
from tests.compliance.compliance_rig import person
from tests.compliance.drivers import Ask


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_a_write_names_its_operation_its_entity_and_what_was_applied(rig, action):
    rig.done(action.ask(rig))
    exchange = rig.last
    assert (exchange.operation, exchange.applied, exchange.answer) == (action.operation, "yes", "complete")
    part = next(intent for intent in exchange.intents if intent.operation == action.part)
    assert part.id
    assert action.entity in part.names
    assert all(intent.applied for intent in exchange.intents)


@pytest.mark.parametrize(
    "read, operation, name",
    [
        (lambda rig: rig.driver.read_user(rig.ids["ada"]), "user.get", "ada"),
        (lambda rig: rig.driver.find_user("ada"), "user.list", "ada"),
        (lambda rig: rig.driver.read_group(rig.ids["Staff"]), "group.get", "Staff"),
        (lambda rig: rig.driver.find_group("Staff"), "group.list", "Staff"),
    ],
    ids=["read_user", "find_user", "read_group", "find_group"],
)
def test_a_reading_names_its_operation_and_its_entity_and_applies_none(rig, read, operation, name):
    rig.done(read(rig))
    exchange = rig.last
    assert (exchange.operation, exchange.applied) == (operation, "none")
    assert name in [each for intent in exchange.intents for each in intent.names]


@pytest.mark.parametrize("kind", ["users", "groups"])
def test_a_list_names_its_operation_and_applies_none(rig, kind):
    rig.done(rig.driver.list_users(1, 5) if kind == "users" else rig.driver.list_groups(1, 5))
    assert (rig.last.operation, rig.last.applied) == (f"{kind[:-1]}.list", "none")


def test_a_read_is_journalled_as_one_operation(rig):
    for ask in (rig.driver.read_user(rig.ids["ada"]), rig.driver.find_user("ada"), rig.driver.find_group("Staff")):
        rig.done(ask)
        assert len(rig.last.intents) == 1


def test_the_id_of_a_created_resource_is_in_the_journal(rig):
    id = rig.add_user("dot")
    assert [exchange.intents[0].id for exchange in rig.journal] == [id]


def test_a_refused_write_is_applied_to_nothing(rig):
    rig.send(rig.driver.create_user(person("bob")))
    assert (rig.last.status, rig.last.applied) == (409, "no")


def test_an_unknown_path_is_in_the_journal_too(rig):
    rig.send(Ask("GET", "/Nothing"))
    assert (rig.last.operation, rig.last.status, rig.last.applied) == ("unknown", 404, "none")


def test_exchanges_are_numbered_in_order(rig):
    for _ in range(3):
        rig.done(rig.driver.read_user(rig.ids["ada"]))
    assert [exchange.seq for exchange in rig.journal] == [1, 2, 3]


def test_an_exchange_holds_what_was_sent_and_what_came_back(rig):
    answer = rig.send(rig.driver.create_user(person("dot")))
    exchange = rig.last
    assert exchange.request_body == answer.request.body
    assert exchange.response_body == answer.content
    assert exchange.status == answer.status_code


def test_exchanges_can_be_counted(rig):
    rig.add_user("dot")
    rig.send(rig.driver.create_user(person("bob")))
    assert rig.journal.count(operation="user.create") == 2
    assert rig.journal.count(operation="user.create", entity="DOT", status=201, applied="yes") == 1
    assert rig.journal.count(operation="user.create", applied="no") == 1


@pytest.fixture
def small_journal(rig, monkeypatch):
    monkeypatch.setattr(rig.target, "journal", Journal(clock=rig.clock, secrets=(rig.token,), limit=5))
    return rig


def test_the_journal_forgets_the_oldest_exchanges(small_journal):
    for _ in range(8):
        small_journal.done(small_journal.driver.read_user(small_journal.ids["ada"]))
    assert [exchange.seq for exchange in small_journal.journal] == [4, 5, 6, 7, 8]


def test_a_large_body_is_kept_in_part(rig):
    rig.send(rig.driver.create_user(person("dot", displayName="x" * 3 * BODY_LIMIT)))
    assert len(rig.last.request_body) <= BODY_LIMIT
    assert len(rig.last.response_body) <= BODY_LIMIT
