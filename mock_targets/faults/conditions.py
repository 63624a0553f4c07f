"""For which requests a fault is meant: one small class for each condition, like the effects.

A condition reads what a request says (`RequestFacts`) and what it is about (`Occasion`), never the protocol. A new kind
is one class here and an entry in `CONDITIONS`. One that asks what no other asks needs a property of `RequestFacts` in
`facts.py`, answered by `http/facts.py`, and by `scim/facts.py` where SCIM says it in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Literal, Protocol

from annotated_types import Ge, MinLen

from provcheck.mock_targets.faults.facts import Naming, RequestFacts, Surface, names_attribute
from provcheck.mock_targets.faults.part import Part
from provcheck.mock_targets.reading import Described


class Occasion(Protocol):
    """The request in which an operation is asked for, as far as a fault may ask about it."""

    @property
    def facts(self) -> RequestFacts:
        """What the request says."""

    @property
    def parallel(self) -> int:
        """How many requests the target is answering at this moment, this one included."""

    def announced(self, pattern: str) -> int:
        """How many operations of the request that match the pattern were announced so far."""

    @property
    def changed(self) -> Collection[str]:
        """The attributes whose stored values the operation announced last would change, as dotted paths."""

    @property
    def naming(self) -> Naming:
        """How the API calls attributes."""


@dataclass(frozen=True, slots=True)
class Condition(Part):
    """One thing that a request must be like."""

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether the request is like that. `operation` is the pattern of the fault."""
        del occasion, operation
        return True


Text = Annotated[str, MinLen(1)]
MethodName = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class ByMethod(Condition):
    """Only requests by one method."""

    method: Annotated[MethodName | None, Described("Only requests by this method")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether it is the method of the request."""
        del operation
        return occasion.facts.method == self.method


@dataclass(frozen=True, slots=True)
class ByPath(Condition):
    """Only requests to some URLs."""

    url_path: Annotated[Text | None, Described("Only requests whose URL path matches this pattern")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether the path matches."""
        del operation
        return fnmatchcase(occasion.facts.path, self.url_path or "*")


@dataclass(frozen=True, slots=True)
class ByQuery(Condition):
    """Only requests with some query parameters, or without them (null)."""

    query: Annotated[
        Mapping[Text, str | None], Described("Only requests whose query parameters match; null: not given")
    ] = field(default_factory=dict)

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether every parameter matches its pattern."""
        del operation
        return all(_matches(occasion.facts.query.get(name), pattern) for name, pattern in self.query.items())


@dataclass(frozen=True, slots=True)
class ByHeader(Condition):
    """Only requests with some headers, or without them (null)."""

    request_headers: Annotated[
        Mapping[Text, str | None], Described("Only requests whose headers match; null: not given")
    ] = field(default_factory=dict)

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether every header matches its pattern."""
        del operation
        return all(_matches(occasion.facts.header(name), pattern) for name, pattern in self.request_headers.items())


@dataclass(frozen=True, slots=True)
class FiltersBy(Condition):
    """Only lists that are filtered by an attribute."""

    filters_by: Annotated[Text | None, Described("Only lists whose filter names this attribute")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether the filter names the attribute, or one within it."""
        del operation
        filtering = occasion.facts.filtering
        return filtering is not None and names_attribute(
            filtering.attributes, occasion.naming.word(self.filters_by or "")
        )

    def applies_to(self, surface: Surface) -> str | None:
        """Return that there are no filters."""
        return _without_filters(surface)


@dataclass(frozen=True, slots=True)
class HasAttribute(Condition):
    """Only requests whose body names an attribute."""

    has_attribute: Annotated[Text | None, Described("Only requests whose body names this attribute")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether the body names it, or one within it."""
        del operation
        return names_attribute(occasion.facts.attributes, occasion.naming.word(self.has_attribute or ""))


@dataclass(frozen=True, slots=True)
class LacksAttribute(Condition):
    """Only requests whose body does not name an attribute."""

    lacks_attribute: Annotated[Text | None, Described("Only requests whose body does not name this attribute")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether the body names neither it nor one within it."""
        del operation
        return not names_attribute(occasion.facts.attributes, occasion.naming.word(self.lacks_attribute or ""))


@dataclass(frozen=True, slots=True)
class ChangesAttribute(Condition):
    """Only changes of an attribute's stored value."""

    needs_entity: ClassVar[bool] = True

    changes_attribute: Annotated[Text | None, Described("Only requests that would change this stored value")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether the stored value would become another one."""
        del operation
        return names_attribute(occasion.changed, occasion.naming.word(self.changes_attribute or ""))


@dataclass(frozen=True, slots=True)
class ByPatch(Condition):
    """Only PATCH requests with an operation of this kind, on this path."""

    patch_op: Annotated[
        Literal["add", "remove", "replace"] | None, Described("Only a PATCH with such an operation, in any case")
    ] = None
    patch_path: Annotated[
        str | None, Described("Only a PATCH with an operation whose path matches this pattern; empty: without one")
    ] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether one operation is both."""
        del operation
        return any(
            (self.patch_op is None or each.op.lower() == self.patch_op)
            and (self.patch_path is None or fnmatchcase(each.path.lower(), self.patch_path.lower()))
            for each in occasion.facts.patch_operations
        )

    def applies_to(self, surface: Surface) -> str | None:
        """Return that there are no such operations."""
        return _without_operations(surface)


@dataclass(frozen=True, slots=True)
class ReplacesMembers(Condition):
    """Only requests that put a new list of members in place of the old one, or (false) those that do not."""

    replaces_members: Annotated[
        bool | None, Described("Only requests that replace the whole list of members; false: only others")
    ] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether it does."""
        del operation
        return occasion.facts.replaces_members is self.replaces_members


@dataclass(frozen=True, slots=True)
class Above(Condition):
    """Only requests with more than so many operations that the fault is meant for."""

    needs_entity: ClassVar[bool] = True

    above: Annotated[int | None, Ge(0), Described("Only requests with more than so many such operations")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether so many were announced."""
        return occasion.announced(operation) > (self.above or 0)


@dataclass(frozen=True, slots=True)
class ParallelAbove(Condition):
    """Only while more than so many requests are being answered."""

    parallel_above: Annotated[
        int | None, Ge(0), Described("Only while more than so many requests are being answered")
    ] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether so many are."""
        del operation
        return occasion.parallel > (self.parallel_above or 0)


NamedCondition = Literal[
    "patch_without_path",
    "patch_with_id",
    "patch_with_urn_path",
    "patch_with_capitals",
    "patch_of_several",
    "clears",
    "filter",
    "filter_beyond_eq",
    "filter_not_latin",
    "scim_json",
]


@dataclass(frozen=True, slots=True)
class OnlyIf(Condition):
    """Only requests that meet a condition with a name (`NAMED_CONDITIONS`)."""

    only_if: Annotated[NamedCondition | None, Described("Only requests of this kind")] = None

    def holds(self, occasion: Occasion, operation: str) -> bool:
        """Whether the request meets it."""
        del operation
        return self.only_if is None or NAMED_CONDITIONS[self.only_if][1](occasion.facts)

    def applies_to(self, surface: Surface) -> str | None:
        """Return what the API lacks for such requests."""
        name = self.only_if or ""
        if name.startswith("filter"):
            return _without_filters(surface)
        return _without_operations(surface) if name.startswith("patch") and name != "patch_with_id" else None


CONDITIONS: tuple[type[Condition], ...] = (
    ByMethod,
    ByPath,
    ByQuery,
    ByHeader,
    OnlyIf,
    FiltersBy,
    HasAttribute,
    LacksAttribute,
    ChangesAttribute,
    ByPatch,
    ReplacesMembers,
    Above,
    ParallelAbove,
)
"""Every condition; all those of a fault must hold."""


def _beyond_eq(facts: RequestFacts) -> bool:
    return facts.filtering is not None and not facts.filtering.operators <= {"eq", "and"}


NAMED_CONDITIONS: Mapping[NamedCondition, tuple[str, Callable[[RequestFacts], bool]]] = {
    "patch_without_path": (
        "a PATCH with an operation that has no path",
        lambda facts: any(not each.path for each in facts.patch_operations),
    ),
    "patch_with_id": (
        "a PATCH that names the id of the resource in its body",
        lambda facts: facts.method == "PATCH" and "id" in facts.attributes,
    ),
    "patch_with_urn_path": (
        "a PATCH with a path that begins with the URN of a schema",
        lambda facts: any(each.path.lower().startswith("urn:") for each in facts.patch_operations),
    ),
    "patch_with_capitals": (
        "a PATCH whose op is not in lower case (Add, Replace)",
        lambda facts: any(each.op != each.op.lower() for each in facts.patch_operations),
    ),
    "patch_of_several": ("a PATCH with more than one operation", lambda facts: len(facts.patch_operations) > 1),
    "clears": (
        "a PATCH that clears something: remove, or a value of null, an empty text or list",
        lambda facts: facts.clears,
    ),
    "filter": ("a list with a filter", lambda facts: facts.filtering is not None),
    "filter_beyond_eq": ("a list with a filter that uses more than eq and and", _beyond_eq),
    "filter_not_latin": (
        "a list with a filter that holds signs beyond ASCII",
        lambda facts: facts.filtering is not None and not facts.filtering.text.isascii(),
    ),
    "scim_json": (
        "a body sent as application/scim+json",
        lambda facts: facts.media_type == "application/scim+json",
    ),
}
"""Conditions that have a name (`only_if`): which requests meet them, and the test of a request's facts."""


def _matches(given: str | None, pattern: str | None) -> bool:
    return (given is None) if pattern is None else given is not None and fnmatchcase(given, pattern)


def _without_filters(surface: Surface) -> str | None:
    view = surface.list_view
    return None if view is not None and view.filters else f"the lists of {surface.label} have no filter"


def _without_operations(surface: Surface) -> str | None:
    return None if surface.has_patch_operations else f"a PATCH of {surface.label} has no operations"
