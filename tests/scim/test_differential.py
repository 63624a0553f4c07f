"""The same requests to our target and to scim2-server: both agree, or a row of `allowances` says which RFC decides."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scim import differential_cases as cases
from tests.scim.allowances import ALLOWANCES, Allowance
from tests.scim.differences import Step
from tests.scim.differential_peers import Peer, Seen, ours, theirs


class Contest:
    """Both peers in step, and the allowances that were needed so far."""

    def __init__(self) -> None:
        self.ours, self.theirs = ours(), theirs()
        self.gone: frozenset[str] = frozenset()
        self.used: set[str] = set()

    def play(self, step: Step) -> bool:
        """Ask both; False when an allowance lets their states drift apart. Raises AssertionError for a difference."""
        left, right = self._ask(self.ours, step), self._ask(self.theirs, step)
        if not self._agree(step, left, right):
            excuse = next((row for row in ALLOWANCES if row.excuses and row.excuses(step, left, right)), None)
            assert excuse is not None, self._told(step, left, right)
            self.used.add(excuse.name)
            if step.method not in ("GET", "HEAD") and (left.status < 300 or right.status < 300):
                return False
        self._learn(step, left, right)
        return True

    def _ask(self, peer: Peer, step: Step) -> Seen:
        return peer.ask(step.method, step.path, step.body, dict(step.query), dict(step.headers))

    def _agree(self, step: Step, left: Seen, right: Seen) -> bool:
        """Whether the answers are the same once the allowances that even them out have done so."""
        pair = (comparable(step, left), comparable(step, right))
        for row in ALLOWANCES:
            if pair[0] == pair[1]:
                break
            if row.even is not None:
                evened = tuple(replace(each, body=row.even(each.body, self.gone)) for each in pair)
                if evened != pair:
                    self.used.add(row.name)
                pair = evened
        return pair[0] == pair[1]

    def _told(self, step: Step, *pair: Seen) -> str:
        """A difference, for people."""
        bodies = []
        for each in pair:
            body = comparable(step, each).body
            for row in ALLOWANCES:
                body = row.even(body, self.gone) if row.even else body
            bodies.append(f"{each.status} {json.dumps(body, sort_keys=True)[:1500]}")
        return f"\n{step}\nours:   {bodies[0]}\ntheirs: {bodies[1]}"

    def _learn(self, step: Step, left: Seen, right: Seen) -> None:
        if step.path in ("/Users", "/Groups") and left.status == right.status == 201:
            self.ours.learn(left.whole["id"])
            self.theirs.learn(right.whole["id"])
        if step.method == "DELETE" and left.status == 204:
            self.gone |= {step.path.rpartition("/")[2]}
        if step.path == "/Bulk" and left.status == right.status == 200:
            done = zip(step.body["Operations"], left.whole["Operations"], right.whole["Operations"])
            for operation, mine, other in done:
                if mine["status"] == other["status"] == "201":
                    self.ours.learn(mine["location"].rpartition("/")[2])
                    self.theirs.learn(other["location"].rpartition("/")[2])
                elif mine["status"] == "204" and operation["method"] == "DELETE":
                    self.gone |= {operation["path"].rpartition("/")[2]}


def comparable(step: Step, seen: Seen) -> Seen:
    """Without the order of a list that nobody asked to sort, and of resources that sort alike."""
    body = seen.body
    if isinstance(body, dict) and isinstance(body.get("Resources"), list):
        keyed = sorted(body["Resources"], key=lambda each: json.dumps(each, sort_keys=True))
        order = [_sort_value(each, step.asks("sortBy")) for each in body["Resources"]]
        body = {**body, "Resources": keyed, "order": order}
    return replace(seen, body=body)


def _sort_value(resource: dict[str, Any], sort_by: str | None) -> Any:
    return resource.get(sort_by) if sort_by in ("userName", "displayName") else None


def play_case(step: Step) -> set[str]:
    """One request to the population, and a look at what it left behind; the allowances that were needed."""
    contest = Contest()
    for each in cases.POPULATION:
        assert contest.play(each)
    if contest.play(step) and step.method not in ("GET", "HEAD"):
        for path in ("/Users", "/Groups"):
            contest.play(Step("GET", path))
    return contest.used


@pytest.mark.parametrize("place", range(len(cases.CASES)), ids=lambda place: f"{place}-{cases.CASES[place].method}")
def test_both_answer_alike(place):
    play_case(cases.CASES[place])


def test_every_allowance_is_needed():
    unused = {row.name for row in ALLOWANCES}
    for step in cases.CASES:
        if unused:
            unused -= play_case(step)
    assert unused == set()


@pytest.mark.parametrize("row", ALLOWANCES, ids=lambda row: row.name)
def test_an_allowance_cites_its_source_and_says_how_it_is_known(row: Allowance):
    assert re.fullmatch(r"RFC \d+ [\d.]+", row.section)
    assert row.rule
    assert (row.even is None) != (row.excuses is None)


def test_allowances_have_names_of_their_own():
    assert len({row.name for row in ALLOWANCES}) == len(ALLOWANCES)


someone = st.sampled_from(["<0>", "<1>", "<3>", "<4>", "nobody"])
some_group = st.sampled_from(["<2>", "<5>", "nobody"])
names = st.sampled_from(["ada", "ADA", "bob", "eve", "Zoë"])
texts = st.sampled_from(["x", "Guide", "é", "a b"])
emails = st.lists(
    st.fixed_dictionaries(
        {"value": st.sampled_from(["a@x", "b@x", "A@X"])}, optional={"type": st.sampled_from(["work", "home"])}
    ),
    max_size=2,
)
valid_users = st.builds(
    lambda name, more: {**cases.new_user(name), **more},
    names,
    st.fixed_dictionaries(
        {},
        optional={
            "displayName": texts,
            "title": texts,
            "active": st.booleans(),
            "emails": emails,
            "name": st.fixed_dictionaries({}, optional={"givenName": texts, "familyName": texts}),
            "externalId": st.sampled_from(["e1", "e2"]),
        },
    ),
)
users = st.one_of(valid_users, valid_users, st.sampled_from(cases.USER_BODIES))
members = st.lists(someone, max_size=3, unique=True)
groups = st.one_of(
    st.builds(lambda name, ids: cases.new_group(name, *ids), texts, members), st.sampled_from(cases.GROUP_BODIES)
)
paths = st.sampled_from(
    [
        "title",
        "displayName",
        "name.givenName",
        "emails",
        'emails[type eq "work"].value',
        "active",
        "userName",
        "nope",
        None,
    ]
)
values = st.one_of(texts, st.booleans(), st.none(), emails, st.just({"title": "T"}), st.just({"givenName": "G"}))
operations = st.builds(
    lambda name, path, value: cases.op(name, path, value), st.sampled_from(["add", "replace"]), paths, values
) | st.builds(lambda path: cases.op("remove", path), paths)
user_patches = st.builds(
    lambda each: cases.patch(*each), st.lists(operations, min_size=1, max_size=3)
) | st.sampled_from(cases.USER_PATCHES)
queries = st.sampled_from([{"filter": each} for each in cases.FILTERS] + list(cases.QUERIES) + list(cases.SHOWN)).map(
    cases.query
)
plain = st.just(())
steps = st.one_of(
    st.builds(Step, st.just("POST"), st.just("/Users"), users),
    st.builds(Step, st.just("POST"), st.just("/Groups"), groups),
    st.builds(Step, st.just("GET"), st.sampled_from(["/Users", "/Groups"]), st.none(), queries),
    st.builds(
        Step, st.just("GET"), someone.map("/Users/{}".format), st.none(), st.sampled_from(cases.SHOWN).map(cases.query)
    ),
    st.builds(
        Step,
        st.just("PUT"),
        someone.map("/Users/{}".format),
        users,
        plain,
        plain | st.sampled_from(cases.CONDITIONS).map(lambda each: (each,)),
    ),
    st.builds(Step, st.just("PATCH"), someone.map("/Users/{}".format), user_patches),
    st.builds(Step, st.just("PATCH"), some_group.map("/Groups/{}".format), st.sampled_from(cases.GROUP_PATCHES)),
    st.builds(Step, st.just("PUT"), some_group.map("/Groups/{}".format), groups),
    st.builds(Step, st.just("DELETE"), someone.map("/Users/{}".format)),
    st.builds(Step, st.just("DELETE"), some_group.map("/Groups/{}".format)),
    st.builds(Step, st.just("POST"), st.sampled_from(["/Users/.search", "/.search"]), st.sampled_from(cases.SEARCHES)),
    st.sampled_from(cases.BULKS),
)


@settings(derandomize=True, max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, min_size=2, max_size=14))
def test_sequences_of_requests_are_answered_alike(sequence):
    contest = Contest()
    for step in cases.POPULATION:
        contest.play(step)
    for step in sequence:
        if not contest.play(step):
            break
