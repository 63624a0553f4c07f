"""Errors of a directory; each API answers them in its own error format."""

from __future__ import annotations


class DirectoryError(Exception):
    """Base of all errors of a directory. The state is unchanged when one is raised."""


class NotFound(DirectoryError):
    """No resource of this kind has this id."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"{kind} {id!r} does not exist")
        self.kind, self.id = kind, id


class Conflict(DirectoryError):
    """Another resource already holds this value of a unique attribute."""

    def __init__(self, kind: str, index: str, value: object, holder_id: str) -> None:
        super().__init__(f"{kind} with {index} {value!r} already exists")
        self.kind, self.index, self.value, self.holder_id = kind, index, value, holder_id


class UnknownMember(DirectoryError):
    """A membership names a resource that does not exist."""

    def __init__(self, id: str) -> None:
        super().__init__(f"member {id!r} does not exist")
        self.id = id
