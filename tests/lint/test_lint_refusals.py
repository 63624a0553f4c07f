"""What Slack refuses is named by the linter: by a rule on its form, or at least in the target's own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provcheck.harness import vendors
from tests.vendors.slack_rig import CORE_1, GROUP_2, USER_2, Slack, patch

USER, GROUP, EMAILS = {"schemas": [USER_2]}, {"schemas": [GROUP_2]}, [{"value": "zoe@example.com", "primary": True}]
ZOE = {**USER, "userName": "zoe", "emails": EMAILS}
Ask = Callable[[str, str], tuple[str, str, Any]]


def _change(*operations: dict[str, Any], **message: Any) -> Ask:
    return lambda user, group: ("PATCH", f"/Users/{user}", message or patch(*operations))


BY_A_RULE: dict[str, tuple[int, str, Ask]] = {
    "a user without schemas, 1.1": (1, "SCIM201", lambda u, g: ("POST", "/Users", {"userName": "z", "emails": EMAILS})),
    "a user without schemas": (2, "SCIM201", lambda u, g: ("POST", "/Users", {"userName": "z", "emails": EMAILS})),
    "no user name": (2, "SCIM215", lambda u, g: ("POST", "/Users", {**USER, "emails": EMAILS})),
    "no e-mail address": (2, "SLACK010", lambda u, g: ("POST", "/Users", {**USER, "userName": "zoe"})),
    "a long user name": (2, "SLACK007", lambda u, g: ("POST", "/Users", {**ZOE, "userName": "z" * 30})),
    "an @ in a display name": (2, "SLACK008", lambda u, g: ("POST", "/Users", {**ZOE, "displayName": "x@y"})),
    "active as a text": (2, "SCIM210", lambda u, g: ("POST", "/Users", {**ZOE, "active": "yes"})),
    "a PATCH message without schemas": (2, "SCIM301", _change(Operations=[{"op": "remove", "path": "title"}])),
    "a partial resource in 2.0": (2, "SLACK004", _change(active=False)),
    "an unknown operation": (2, "SCIM303", _change({"op": "move", "path": "title", "value": "x"})),
    "a new password": (2, "SLACK005", _change({"op": "replace", "path": "password", "value": "x"})),
    "a new password, 1.1": (1, "SLACK005", _change(schemas=[CORE_1], password="x")),
    "a group without schemas": (2, "SCIM201", lambda u, g: ("POST", "/Groups", {"displayName": "x"})),
    "a group without a name": (2, "SCIM215", lambda u, g: ("POST", "/Groups", GROUP)),
    "Bulk": (2, "SLACK013", lambda u, g: ("POST", "/Bulk", {})),
}
"""Version, rule and request, by what is wrong."""
BY_ITS_ANSWER: dict[str, tuple[int, Ask]] = {
    "an empty address": (2, lambda u, g: ("POST", "/Users", {**ZOE, "emails": [{"value": ""}]})),
    "an address that is none": (2, lambda u, g: ("POST", "/Users", {**ZOE, "emails": [{"value": "zoe"}]})),
    "a reserved name": (2, lambda u, g: ("POST", "/Users", {**ZOE, "userName": "everyone"})),
    "an unknown attribute": (2, _change({"op": "replace", "path": "nosuch", "value": "x"})),
    "a junk filter": (2, lambda u, g: ("GET", "/Users?filter=foo", None)),
    "an unknown operator": (2, lambda u, g: ("GET", "/Users?filter=userName xx ada", None)),
    "members without schemas, 1.1": (1, lambda u, g: ("PATCH", f"/Groups/{g}", {"members": [{"value": u}]})),
}


def found(version: int, ask: Ask) -> tuple[int, set[str]]:
    """The status of a request, and the rules that have something to say about it."""
    slack = Slack()
    user = slack.create("ada")["id"]
    group = slack.create_group("Sales", user)["id"]
    seen = slack.target.journal.last_seq
    answer = slack.of(version, *ask(user, group))
    journal = [each.as_dict() for each in slack.journal.since(seen)]
    return answer.status_code, {each.rule.id for each in vendors.linter().lint(journal, target="slack")}


def test_what_slack_refuses_for_its_form_is_named_by_a_rule():
    results = {what: (rule, *found(version, ask)) for what, (version, rule, ask) in BY_A_RULE.items()}
    assert [what for what, (rule, status, rules) in results.items() if status < 400 or rule not in rules] == []


def test_whatever_else_slack_refuses_is_repeated_in_its_own_words():
    results = {what: found(version, ask) for what, (version, ask) in BY_ITS_ANSWER.items()}
    assert [what for what, (status, rules) in results.items() if status != 400 or "SCIM114" not in rules] == []
