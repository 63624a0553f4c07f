"""The indexes of SCIM resources: the standard ones, and one for each unique attribute of a custom extension.

An index compares as filters do, so that the two never disagree about what is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from provcheck.mock_targets.directory import Document, IndexSpec
from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.text import exact, fold
from provcheck.mock_targets.scim.catalog import CustomExtension, attributes_of

_TEXTS = ("string", "reference")


def texts(name: str) -> Callable[[Document], Iterable[str]]:
    """Reads the one text that a document holds under a name, for an index."""

    def values(document: Document) -> Iterable[str]:
        value = document.get(name)
        return (value,) if isinstance(value, str) else ()

    return values


def emails(document: Document) -> Sequence[str]:
    """The e-mail addresses of a document, for an index."""
    return [email["value"] for email in document.get("emails", ()) if isinstance(email.get("value"), str)]


KINDS: Mapping[str, tuple[IndexSpec, ...]] = {
    "User": (
        IndexSpec("userName", texts("userName"), fold, unique=True),
        IndexSpec("externalId", texts("externalId"), exact),
        IndexSpec("email", emails, fold),
    ),
    "Group": (
        IndexSpec("displayName", texts("displayName"), fold),
        IndexSpec("externalId", texts("externalId"), exact),
    ),
}
"""The kinds of resource of a service provider with their indexes (RFC 7643 sections 4.1 and 4.2)."""


INDEXES: Mapping[str, Mapping[str, str]] = {
    "User": {"userName": "userName", "externalId": "externalId", "emails.value": "email"},
    "Group": {"displayName": "displayName", "externalId": "externalId"},
}
"""Which index of the directory answers an equality on which attribute."""

FILTERED: Mapping[str, Collection[str]] = {
    "User": ("id", "userName", "externalId", "emails"),
    "Group": ("id", "displayName", "externalId"),
}
"""The attributes of which filters may be made, where they may not be made of all."""


def unique_indexes(extensions: Iterable[CustomExtension], kind: str) -> list[IndexSpec]:
    """An index for each unique attribute of the extensions of a kind, named after its path."""
    return [
        IndexSpec(leaf.path, _values(path), exact if leaf.case_exact or leaf.type not in _TEXTS else fold, unique=True)
        for path, leaf in _unique(extensions, kind)
    ]


def searchable(extensions: Iterable[CustomExtension], kind: str) -> Mapping[str, str]:
    """Which of those indexes can answer an equality in a filter: attribute path -> name of the index."""
    return {leaf.path: leaf.path for _, leaf in _unique(extensions, kind) if leaf.type in _TEXTS}


def _unique(extensions: Iterable[CustomExtension], kind: str) -> Iterator[tuple[tuple[str, ...], Attribute]]:
    for extension in extensions:
        if extension.kind != kind:
            continue
        for row in attributes_of(extension):
            for names, leaf in (((row.name,), row), *(((row.name, sub.name), sub) for sub in row.sub_attributes)):
                if leaf.uniqueness != "none" and leaf.type != "complex" and leaf.mutability != "writeOnly":
                    yield (extension.document["id"], *names), leaf


def _values(path: tuple[str, ...]) -> Callable[[Document], list[str]]:
    def values(document: Document) -> list[str]:
        found: list[Any] = [document]
        for name in path:
            inner = (each.get(name) for each in found if isinstance(each, dict))
            found = [item for value in inner for item in (value if isinstance(value, list) else [value])]
        return [value if isinstance(value, str) else repr(value) for value in found if value is not None]

    return values
