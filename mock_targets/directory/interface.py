"""The interface of a directory. The in-memory one is the default; a database can implement the same methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from provcheck.mock_targets.directory.record import Document, Record


class Directory(Protocol):
    """Documents, unique indexes and memberships of one target.

    Every method is atomic. Hold `lock` around several to make them one transaction: read, decide, write.
    """

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """The one re-entrant lock of this directory."""

    def add(self, kind: str, document: Document, *, id: str | None = None) -> Record:
        """Store a new resource. Raises Conflict when a unique value is taken."""

    def get(self, kind: str, id: str) -> Record:
        """The resource with this id. Raises NotFound."""

    def find(self, kind: str, index: str, value: str) -> list[Record]:
        """The resources that hold a value, in order of arrival, by the index's own case rule."""

    def change(self, kind: str, id: str, document: Document) -> Record:
        """Replace the document. Raises NotFound or Conflict; an equal document makes no new version."""

    def touch(self, kind: str, id: str) -> Record:
        """Increment the version of a resource whose memberships changed. Raises NotFound."""

    def remove(self, kind: str, id: str) -> Record:
        """Delete a resource and all its memberships. Raises NotFound."""

    def relate(
        self,
        group_id: str,
        member_id: str,
        extras: Mapping[str, Any] | None = None,
        *,
        checks_member: bool = True,
    ) -> bool:
        """Add a membership. Return False if it exists. Raises UnknownMember for an id that no resource has.

        Without `checks_member` a group may name a member that does not exist.
        """

    def unrelate(self, group_id: str, member_id: str) -> bool:
        """Remove a membership. Return False if there is none."""

    def members(self, group_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Member ids of a group with their extras, in order of joining."""

    def groups(self, member_id: str) -> list[Record]:
        """The groups a resource is in."""

    def locate(self, id: str) -> Record | None:
        """A resource of any kind by its id."""

    def count(self, kind: str) -> int:
        """How many resources of a kind there are."""

    def page(self, kind: str, start: int, count: int) -> list[Record]:
        """At most `count` resources from the 0-based position `start`, in order of arrival."""

    def all(self, kind: str) -> Iterator[Record]:
        """Every resource of a kind, in order of arrival."""

    def reset(self) -> None:
        """Remove everything."""
