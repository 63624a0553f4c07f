"""Adapts a case to a client: skips what the client does not offer, and shortens pauses.

A case is either played for what it claims, or skipped with the reason; nothing is judged halfway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from provcheck.harness.contract import CLIENT_CAPABILITIES, CLIENT_CAPABILITY_OF, Description
from provcheck.harness.model import (
    After,
    ArmFaults,
    ChangeRule,
    Configure,
    FaultSpec,
    HoldsBack,
    Restart,
    Resync,
    Rule,
    Scenario,
)
from provcheck.harness.model.edits import PutGroup
from provcheck.harness.model.expectation import AtTarget
from provcheck.harness.model.steps import Apply, Step
from provcheck.harness.run.cases import Case

SHORT_PAUSE = 1
"""Maximum pause, in seconds, that a target asks of a client on the machine's own clock."""
_AT_EASE: Mapping[str, Mapping[str, Any]] = {
    "http.hang": {"delay": SHORT_PAUSE},
    "conn.dribble": {"dribbles": SHORT_PAUSE},
    "rate.429_seconds": {"headers": {"Retry-After": str(SHORT_PAUSE)}},
    "rate.retry_after_date": {"retry_date": SHORT_PAUSE + 1},
}
"""Named faults with a duration, shortened for clients on the machine's own clock."""
HIDES = ("hides_by_filter", "hides_by_id")
"""Effects that hide what was just made, for so many seconds."""
FOR_GOOD = 60
"""Seconds from which on something is hidden for the whole scenario, and not for a while."""
SWITCHES = frozenset({"create_users", "update_users", "disable_users", "deprovision_users"})
RULE = frozenset({"enabled", "user_filter", "groups", "mapping"})
_PLAIN = Rule()


class Skipped(Exception):
    """The case is skipped; the message says why. `lacking` are the capabilities that the client does not offer."""

    def __init__(self, message: str, lacking: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.lacking = lacking


def fitted(case: Case, client: Description, *, real_time: bool) -> Case:
    """Return the case, adapted to a client. Raises Skipped."""
    configuration = case.configuration
    if not client.serves(configuration.target):
        raise Skipped(f"the client does not serve {configuration.target}")
    lacking = [word for word in dict.fromkeys(_asked(case)) if not client.offers(word)]
    if lacking:
        words = "; ".join(f"{word} ({CLIENT_CAPABILITIES[word]})" for word in lacking)
        raise Skipped(f"the client does not offer {words}", tuple(lacking))
    scenario = _in_real_time(case.scenario) if real_time else case.scenario
    if configuration.supports_groups and not client.offers("groups"):
        # A client without groups gets a connection without them.
        without = {"supports_groups": False, "membership_style": "none"}
        scenario = replace(scenario, given=replace(scenario.given, connection={**scenario.given.connection, **without}))
    return replace(case, scenario=scenario)


def asked(case: Case) -> frozenset[str]:
    """The capabilities that a case needs, of the target and of the client."""
    return case.scenario.needs.union(_asked(case))


def _asked(case: Case) -> Iterator[str]:
    """Yield the capabilities of the contract that a case needs."""
    scenario, configuration = case.scenario, case.configuration
    given = scenario.given
    yield from (CLIENT_CAPABILITY_OF[need] for need in sorted(scenario.needs) if need in CLIENT_CAPABILITY_OF)
    yield from scenario.policies
    yield from _of_connection({**configuration.connection, **given.connection})
    yield from _of_faults(given.faults)
    if any(getattr(given.rule, word) != getattr(_PLAIN, word) for word in RULE):
        yield "rules"
    for step in scenario.when:
        yield from _of_step(step)
    for after in scenario.then:
        yield from ["orphans"] if after.orphans else []
        yield from ["warnings"] if after.warnings else []
    if configuration.supports_groups and _has_groups(scenario):
        styles = {"group": ["memberships"], "user": ["user_memberships"], "none": []}
        yield from ["groups", *styles[configuration.membership_style]]


def _of_step(step: Step) -> Iterator[str]:
    match step:
        case Resync():
            yield "resync"
        case Restart():
            yield "restart"
        case Configure(changes):
            yield from _of_connection(changes)
        case ArmFaults(faults):
            yield from _of_faults(faults)
        case ChangeRule(changes):
            yield from ["rules"] if RULE & changes.keys() else []


def _of_faults(faults: Iterable[FaultSpec]) -> Iterator[str]:
    # A lasting refusal needs no retries: the client only has to count it.
    if any(fault.fault or fault.times is not None or fault.moment == "after" for fault in faults):
        yield "retries"


def _of_connection(fields: Mapping[str, Any]) -> Iterator[str]:
    if SWITCHES & fields.keys():
        yield "switches"
    if fields.get("unique_user_identifier") == "workEmail":
        yield "match_by_email"
    if fields.get("remove_action") == "Delete":
        yield "delete"
    if fields.get("group_remove_action", "Keep") != "Keep":
        yield "group_remove_action"
    if fields.get("scim_version") == "1.1":
        yield "scim_1_1"
    if fields.get("authentication_method") == "OAuth 2 Client Credentials":
        yield "oauth"


def _has_groups(scenario: Scenario) -> bool:
    edits = chain.from_iterable(step.edits for step in scenario.when if isinstance(step, Apply))
    return bool(scenario.given.population.groups) or any(isinstance(edit, PutGroup) for edit in edits)


def _in_real_time(scenario: Scenario) -> Scenario:
    """Return the scenario with every pause that a target asks for shortened."""
    given = replace(scenario.given, faults=tuple(map(_brief, scenario.given.faults)))
    return replace(scenario, given=given, steps=tuple(map(_hurried, scenario.steps)))


def _hurried(each: Step | After) -> Step | After:
    match each:
        case ArmFaults(faults):
            return replace(each, faults=tuple(map(_brief, faults)))
        case After(wire=wire):
            return replace(each, wire=tuple(map(_pause, wire)))
        case _:
            return each


def _brief(fault: FaultSpec) -> FaultSpec:
    headers = {name: _capped(name, value) for name, value in fault.headers.items()}
    hidden = {
        name: min(seconds, SHORT_PAUSE)
        for name in HIDES
        if isinstance(seconds := fault.parameters.get(name), int) and seconds < FOR_GOOD
    }
    return replace(fault, headers=headers, parameters={**_AT_EASE.get(fault.fault, {}), **fault.parameters, **hidden})


def _capped(name: str, value: str) -> str:
    asks = name.casefold() == "retry-after" and value.isdecimal()
    return str(min(int(value), SHORT_PAUSE)) if asks else value


def _pause(wanted: AtTarget) -> AtTarget:
    return replace(wanted, seconds=min(wanted.seconds, SHORT_PAUSE)) if isinstance(wanted, HoldsBack) else wanted
