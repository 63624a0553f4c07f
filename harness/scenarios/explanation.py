"""A scenario in words, for people: claim, source, given, when, then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provcheck.harness.model import CAPABILITIES, Given, Population, Rule, Scenario

SHOWN = 6
"""So many names are listed; more are counted."""


def describe(scenario: Scenario) -> str:
    """The scenario as text. Ends with a line break."""
    lines = [f"{scenario.name}: {scenario.title}", "", scenario.claim]
    lines += [f"Level:  {scenario.level}", f"Source: {scenario.source}"]
    lines += [f"Needs:  {need} ({CAPABILITIES[need]})" for need in sorted(scenario.needs)]
    lines += ["", "Given", *(f"  {line}" for line in _given(scenario.given)), "", "When"]
    for number, (step, after) in enumerate(scenario.in_order, start=1):
        lines.append(f"  {number}. {step.describe()}")
        if after is not None:
            lines += [f"     then {line}" for line in after.describe()]
    return "\n".join(lines) + "\n"


def _given(given: Given) -> list[str]:
    lines = _population(given.population) + _rule(given.rule)
    if given.connection:
        lines.append(f"the connection: {_settings(given.connection)}")
    if given.flags:
        lines.append(f"the target: {_settings(given.flags)}")
    if given.accounts:
        lines.append(f"accounts at the target already: {_names(str(a['userName']) for a in given.accounts)}")
    for group in given.groups:
        lines.append(f"a group at the target already: {group['displayName']} with {_names(group['members'])}")
    return lines + [f"the target fails on purpose: {fault.describe()}" for fault in given.faults]


def _population(population: Population) -> list[str]:
    lines = [f"{len(population.users)} users: {_names(user.user_name for user in population.users)}"]
    names = {user.id: user.user_name for user in population.users}
    if len(population.groups) > SHOWN:
        return [*lines, f"{len(population.groups)} groups"]
    for group in population.groups:
        kind = "external group" if group.external else "group"
        lines.append(f"{kind} {group.name}: {_names(names.get(id, id) for id in group.members)}")
    return lines


def _rule(rule: Rule) -> list[str]:
    lines = [] if rule.enabled else ["the rule is disabled"]
    lines += [f"the rule selects users by {rule.user_filter}"] if rule.user_filter else []
    return lines + ([f"the rule selects the groups {', '.join(rule.groups)}"] if rule.groups is not None else [])


def _settings(values: Mapping[str, Any]) -> str:
    words = {True: "on", False: "off"}
    return ", ".join(f"{k} = {words[v] if isinstance(v, bool) else v}" for k, v in values.items())


def _names(names: Iterable[str]) -> str:
    known = list(names)
    shown = ", ".join(known[:SHOWN]) or "nobody"
    return shown if len(known) <= SHOWN else f"{shown} and {len(known) - SHOWN} more"
