"""A rule: which users and groups of the source a target shall have, and how attributes are mapped.

Impacted means selected by the rule: distinct users, distinct groups, never memberships. A selected group does not pull
its members into the users (pingone, Configuring outbound group provisioning).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from provcheck.harness.model.core_words import WORDS, Value, value_of
from provcheck.harness.model.population import Population, SourceGroup, SourceUser

RECOMMENDED_GROUPS = 1000
"""Groups per rule that the vendor recommends at most (Configuring outbound group provisioning)."""

DEFAULT_MAPPING: Mapping[str, str] = MappingProxyType(
    {word.name: word.source for word in WORDS.values() if word.source}
)
"""Core word at the target -> field (or attribute) of the source user. `active` always travels, under its own switch.

A rule may map every other core word (`core_words.FURTHER_WORDS`) as well. A user without an external id of its own is
known to the target by its id at the source."""


_TERM = re.compile(r'\s*([\w.]+)\s+(eq|co|sw)\s+"([^"]*)"\s*(or\b|$)', re.IGNORECASE)


class BadRule(ValueError):
    """A rule that contradicts itself."""


class ExternalGroup(BadRule):
    """The rule selects an external group; only internal ones can be synced (pingone, outbound group provisioning)."""


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a filter; `group` as the attribute means the name of any group the user is in."""

    attribute: str
    operator: str
    value: str

    def holds(self, value: str) -> bool:
        """Whether a value meets the comparison, without regard to case."""
        have, want = value.casefold(), self.value.casefold()
        return {"eq": have == want, "co": want in have, "sw": have.startswith(want)}[self.operator]


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users a rule is for: those that meet at least one of the terms."""

    terms: tuple[Term, ...]

    @staticmethod
    def parse(text: str) -> UserFilter:
        """Read `department Eq "Sales" or group Eq "Staff"`; operators Eq, Co, Sw. Raises BadRule."""
        terms, end, more = [], 0, True
        while more and (part := _TERM.match(text, end)):
            terms.append(Term(part[1], part[2].casefold(), part[3]))
            end, more = part.end(), bool(part[4])
        if more or end < len(text):
            raise BadRule(f'a user filter reads like department Eq "Sales" or group Eq "Staff", not {text!r}')
        return UserFilter(tuple(terms))

    def matches(self, user: SourceUser, group_names: tuple[str, ...]) -> bool:
        """Whether the user, who is in groups of these names, is meant."""
        return any(any(term.holds(value) for value in _values(user, term, group_names)) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Rule:
    """Source to target. `groups` are ids of source groups; None selects every internal one.

    `user_filter` is a text for `UserFilter.parse`; None selects every user.
    """

    name: str = "rule"
    source: str = "source"
    target: str = "target"
    enabled: bool = field(default=True, kw_only=True)
    user_filter: str | None = field(default=None, kw_only=True)
    groups: tuple[str, ...] | None = field(default=None, kw_only=True)
    mapping: Mapping[str, str] = field(default_factory=lambda: DEFAULT_MAPPING, kw_only=True)

    def impacted_users(self, population: Population) -> tuple[SourceUser, ...]:
        """The users the rule is for, each once, in the order of the source. Raises BadRule for a bad filter."""
        if self.user_filter is None:
            return population.users
        wanted = UserFilter.parse(self.user_filter)
        names: dict[str, list[str]] = {}
        for group in population.groups:
            for member in group.members:
                names.setdefault(member, []).append(group.name)
        return tuple(user for user in population.users if wanted.matches(user, tuple(names.get(user.id, ()))))

    def impacted_groups(self, population: Population) -> tuple[SourceGroup, ...]:
        """The groups the rule is for, in the order of the source. Raises ExternalGroup when one is external."""
        if self.groups is None:
            return tuple(group for group in population.groups if not group.external)
        chosen = tuple(group for group in population.groups if group.id in self.groups)
        for group in chosen:
            if group.external:
                raise ExternalGroup(f"group {group.name!r} is external; only internal groups can be provisioned")
        return chosen

    def warnings(self, population: Population) -> tuple[str, ...]:
        """What the vendor advises against, in words; never a reason to stop."""
        count = len(self.impacted_groups(population))
        if count <= RECOMMENDED_GROUPS:
            return ()
        return (f"the rule selects {count} groups; at most {RECOMMENDED_GROUPS} are recommended",)

    def mapped(self, user: SourceUser) -> dict[str, Any]:
        """The user's mapped attributes in core words; a word without a value at the source is left out."""
        values = ((word, value_of(word, _value(user, field))) for word, field in self.mapping.items())
        return {word: value for word, value in values if value is not None}


_FIELDS = frozenset(SourceUser.__slots__) - {"external_id", "attributes", "active"}


def _value(user: SourceUser, name: str) -> Value:
    if name in _FIELDS:
        return getattr(user, name) or ""
    if name == "external_id":
        return user.external_id or user.id
    return user.attributes.get(name) or _part(user, name)


def _part(user: SourceUser, name: str) -> str:
    """A part of an attribute that has several, named as in a CSV heading: `address.locality`, `phoneNumbers.work`."""
    attribute, dot, part = name.partition(".")
    whole = user.attributes.get(attribute, "") if dot else ""
    if isinstance(whole, str):
        return ""
    if isinstance(whole, Mapping):
        return whole.get(part, "")
    return next((each.get("value", "") for each in whole if each.get("type") == part), "")


def _values(user: SourceUser, term: Term, group_names: tuple[str, ...]) -> tuple[str, ...]:
    if term.attribute.casefold() == "group":
        return group_names
    spelled = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", term.attribute).lower()
    return tuple(
        text for name in dict.fromkeys((term.attribute, spelled)) for text in _texts(_value(user, name)) if text
    )


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value.values()) if isinstance(value, Mapping) else tuple(each.get("value", "") for each in value)
