"""The indexes that custom extensions ask for: one for each attribute whose values must be unique.

An index compares as filters do, so that the two never disagree about what is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from provcheck.mock_targets.directory import Document, IndexSpec
from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.text import exact, fold
from provcheck.mock_targets.scim.catalog import CustomExtension, attributes_of

_TEXTS = ("string", "reference")


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
