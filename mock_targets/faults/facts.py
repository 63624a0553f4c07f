"""What a fault may ask: about a request (`RequestFacts`), and about an API that it might strike (`Surface`).

A dialect answers both, so that faults know no protocol and no family.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from provcheck.mock_targets.query.list_view import ListView


@dataclass(frozen=True, slots=True)
class Filtering:
    """The filter of a list request: its text, the attributes and the operators it names, the values it looks for."""

    text: str
    attributes: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatchOperation:
    """One operation of a PATCH, its words spelled as the client spells them. `path` is empty where there is none."""

    op: str
    path: str = ""


class RequestFacts(Protocol):
    """What a request says. A request that cannot be read says nothing: refusing it is the target's business.

    Names of attributes are dotted paths in the API's own words, compared without regard to case.
    """

    @property
    def method(self) -> str:
        """The method of the request; empty where the protocol has none."""

    @property
    def path(self) -> str:
        """The path of the request below the place where the target is mounted; empty where the protocol has none."""

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""

    @property
    def query(self) -> Mapping[str, str]:
        """The query parameters, the first value of each."""

    def header(self, name: str) -> str | None:
        """A header of the request."""

    @property
    def filtering(self) -> Filtering | None:
        """The filter; None where there is none."""

    @property
    def attributes(self) -> Collection[str]:
        """The attributes that the body names."""

    @property
    def patch_operations(self) -> Sequence[PatchOperation]:
        """The operations of a PATCH; none where the body of a PATCH is a resource."""

    @property
    def clears(self) -> bool:
        """Whether a PATCH takes a value away: an operation `remove`, or null, an empty text or an empty list."""

    @property
    def replaces_members(self) -> bool:
        """Whether the request puts a new list of members in place of the old one."""


class Naming(Protocol):
    """How an API calls the attributes of a resource."""

    def word(self, attribute: str) -> str:
        """The API's own path of an attribute; the same where it has no other name for it."""

    @property
    def own(self) -> frozenset[str]:
        """The attributes that the API makes itself (an id, a version), which no client writes."""


class Surface(Protocol):
    """One API of a target, as far as a fault that is armed asks what it could do there."""

    @property
    def label(self) -> str:
        """How the API is called in messages."""

    @property
    def list_view(self) -> ListView | None:
        """How lists are laid out; None where there are none."""

    @property
    def operations(self) -> Collection[str]:
        """The operations that requests can lead to, as the journal names them."""

    @property
    def requests(self) -> Collection[tuple[str, str]]:
        """The method and the operation of every route."""

    @property
    def has_patch_operations(self) -> bool:
        """Whether the body of a PATCH is a list of operations."""


def names_attribute(names: Collection[str], wanted: str) -> bool:
    """Whether an attribute, or one within it, is among some paths."""
    path = wanted.casefold()
    return any(name == path or name.startswith(f"{path}.") for name in map(str.casefold, names))
