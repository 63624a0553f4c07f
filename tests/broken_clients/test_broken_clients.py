"""Every broken client is caught, the intact one is left alone, and no check is there that nobody can fail."""

from __future__ import annotations

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

from provcheck.harness import checks, scenarios
from provcheck.harness import client as reference
from provcheck.harness.client import engine
from provcheck.harness.client.users import Users
from tests.every_case import failures

from . import catalogue, failing
from .breaking import BROKEN, broken
from .proof import case_of, played
from .table import markdown, matrix, missed

TOP = Path(__file__).resolve().parents[2]
FOREIGN = ("foreign.py", "racing.py")
"""Modules whose clients inherit from another one than the reference client."""
CLIENTS = list(catalogue.all().values())
each_client = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)


@each_client
def test_a_broken_client_is_caught_by_the_right_check_about_the_right_entity(client):
    verdicts = played((case_of(place) for place in client.scenarios), client)
    assert not [verdict.error for verdict in verdicts.values() if verdict.error]
    assert missed(client, verdicts) == []


def test_every_broken_client_says_what_is_wrong_and_replaces_what_there_is():
    assert failures(check_what_it_says, CLIENTS) == []


def check_what_it_says(client):
    assert client.mistake.endswith(".")
    assert client.caught
    assert client.unknown_overrides() == []


@pytest.mark.parametrize("silent", [False, True], ids=["with-a-summary", "without-a-summary"])
def test_the_intact_client_has_no_finding_in_the_same_scenarios(silent):
    places = set(chain.from_iterable(client.scenarios for client in CLIENTS if client.silent is silent))
    verdicts = played(map(case_of, sorted(places)), silent=silent)
    assert {place: verdict for place, verdict in verdicts.items() if verdict.findings or verdict.error} == {}
    assert set(verdicts) == places


def test_every_check_is_failed_by_a_broken_client():
    failed = {caught.check for client in CLIENTS for caught in client.caught}
    assert {check.name for check in checks.of(("scenario",))} - failed == set()


def test_every_scenario_is_failed_by_a_broken_client():
    told = failing.told()
    assert [name for name in failing.unnamed() if name not in told] == []
    assert [name for name in told if name not in failing.unnamed()] == []
    by_client = {client: [name for name, who in told.items() if who == client] for client in told.values()}
    failed = {name for client, names in by_client.items() for name in failing.fail(BROKEN[client], names)}
    assert told.keys() - failed == set()
    assert failing.BLUNT.isdisjoint(by_client)


def test_a_scenario_that_nobody_fails_is_there_and_named_by_nobody():
    named = {caught.scenario for client in CLIENTS for caught in client.caught}
    assert {each.name for each in scenarios.all()} >= failing.UNFAILED.keys()
    assert failing.UNFAILED.keys() & (named | failing.told().keys()) == set()


def test_broken_clients_use_no_private_name_of_the_client():
    private = re.compile(r"\b_[a-z]\w*")
    parts = TOP / "harness" / "client", TOP / "harness" / "adapters", TOP / "harness" / "vendors"
    inside = {name for part in parts for path in part.rglob("*.py") for name in private.findall(path.read_text())}
    offenders = [
        f"{path.name}: {name}"
        for path in sorted(Path(__file__).parent.glob("*.py"))
        if path.name not in FOREIGN
        for part in ast.walk(ast.parse(path.read_text()))
        if isinstance(part, ast.ClassDef)
        for node in ast.walk(part)
        if (name := node.attr if isinstance(node, ast.Attribute) else getattr(node, "name", None)) in inside
    ]
    assert offenders == []


def test_there_are_many_broken_clients():
    assert len(CLIENTS) >= 32
    assert sum(bool(client.seen_at) for client in CLIENTS) >= 15


def test_what_was_broken_is_whole_again_afterwards():
    client = BROKEN["forgets-leavers"]
    with client.in_place():
        assert engine.Users is client.part
    assert engine.Users is Users
    assert reference.ReferenceClient.__module__.startswith("provcheck.harness.client")


def test_two_broken_clients_cannot_have_one_name():
    with pytest.raises(ValueError, match="forgets-leavers"):
        broken(Users)(BROKEN["forgets-leavers"].part)


def test_the_matrix_names_client_scenario_check_and_entity():
    client = BROKEN["forgets-stale"]
    table = matrix([(client, played((case_of(place) for place in client.scenarios), client))])
    cells = {cell for column in table.columns for cell in column.cells}
    assert {"e6-update-not-allowed", "counter_as_expected", "users.partially_synced"} <= cells
    assert any(client.name in str(cell) for cell in cells)


def test_the_page_has_a_row_for_every_broken_client():
    page = markdown(CLIENTS)
    assert all(f"| {client.name} | {client.mistake} |" in page for client in CLIENTS)
    assert len(page.splitlines()) == len(CLIENTS) + 2
