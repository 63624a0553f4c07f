"""Which attributes an answer carries: `returned` of the schema, `attributes` and `excludedAttributes` of the request.

A projection is compiled once and then run over plain resources (RFC 7643 section 2.4, RFC 7644 sections 3.9 and 3.10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.scim.errors import InvalidValue
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.short_cache import LONGEST

Rule = bool | Mapping[str, bool]
"""Show it, hide it, or show only these sub-attributes (the attributes of an extension count as its sub-attributes)."""

MAX_NAMES = 200
"""Most names one `attributes` or `excludedAttributes` may list."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """What to show of one kind of resource. Ask `wants` before making something that is costly to make."""

    rules: Mapping[str, Rule | Mapping[str, Rule]]
    otherwise: bool

    def wants(self, name: str) -> bool:
        """Whether anything of this top-level name (an attribute, or the URN of an extension) is shown."""
        return bool(self.rules.get(name, self.otherwise))

    def apply(self, resource: Mapping[str, Any]) -> Json:
        """The resource with what is to be shown; the one given stays as it is."""
        return _shown(resource, self.rules, otherwise=self.otherwise)


def split_names(text: str | None) -> tuple[str, ...]:
    """The names in a query parameter, which are separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip()) if text else ()


def compile_projection(
    schema: ResourceSchema, *, attributes: Sequence[str] = (), excluded: Sequence[str] = ()
) -> Projection:
    """What to show when a client names attributes to show or to leave out; names that no schema has are passed over.

    Raises InvalidValue when both are given, for they exclude one another (RFC 7644 section 3.9), or are too many.
    """
    if attributes and excluded:
        raise InvalidValue("attributes and excludedAttributes exclude one another")
    if len(attributes) + len(excluded) > MAX_NAMES:
        raise InvalidValue(f"at most {MAX_NAMES} attributes can be named")
    is_short = sum(map(len, (*attributes, *excluded))) <= LONGEST
    return (_make if is_short else _make.__wrapped__)(schema, tuple(attributes), tuple(excluded))


@lru_cache(maxsize=512)
def _make(schema: ResourceSchema, attributes: tuple[str, ...], excluded: tuple[str, ...]) -> Projection:
    chooser = _Chooser(_paths(schema, attributes), _paths(schema, excluded), only=bool(attributes))
    rules: dict[str, Rule | Mapping[str, Rule]] = {}
    for attribute in schema.attributes:
        rules[attribute.name] = chooser.rule(attribute, "")
    for extension in schema.extensions:
        inner = {attribute.name: chooser.rule(attribute, extension.urn) for attribute in extension.attributes}
        rules[extension.urn] = _plain(inner)
    slim = {name: rule for name, rule in rules.items() if rule is not (not attributes)}
    return Projection(slim, otherwise=not attributes)


def _paths(schema: ResourceSchema, names: Iterable[str]) -> frozenset[str]:
    """Canonical paths; a whole schema stands as its URN ("" for the core)."""
    paths = set()
    for name in names:
        place = schema.locate(name)
        if place is not None:
            paths.add(place.leaf.path if place.leaf else place.container or "")
    return frozenset(paths)


class _Chooser:
    """Decides attribute by attribute; `only` says that just what is named is shown."""

    def __init__(self, named: frozenset[str], excluded: frozenset[str], *, only: bool) -> None:
        self._named, self._excluded, self._only = named, excluded, only

    def rule(self, attribute: Attribute, schema: str) -> Rule:
        whole = self._shows(attribute, schema)
        if not attribute.sub_attributes or attribute.returned == "never":
            return whole
        if whole:
            parent = attribute.path if attribute.path in self._named else schema
            subs = {sub.name: self._shows(sub, parent) for sub in attribute.sub_attributes}
            return _plain(subs) if attribute.returned != "always" else True
        wanted = {sub.path for sub in attribute.sub_attributes} & self._named
        if not wanted:
            return False
        return {sub.name: sub.path in wanted or sub.returned == "always" for sub in attribute.sub_attributes}

    def _shows(self, attribute: Attribute, parent: str) -> bool:
        """`parent` is the attribute or schema this one belongs to: naming that names this one too."""
        if attribute.returned in ("always", "never"):
            return attribute.returned == "always"
        if self._only:
            return attribute.path in self._named or (attribute.returned == "default" and parent in self._named)
        return attribute.returned == "default" and not {attribute.path, parent} & self._excluded


def _plain(subs: Mapping[str, Any]) -> Any:
    """True or False when all sub-attributes agree."""
    if all(rule is True for rule in subs.values()):
        return True
    return False if all(rule is False for rule in subs.values()) else dict(subs)


def _shown(values: Mapping[str, Any], rules: Mapping[str, Any], *, otherwise: bool) -> Json:
    shown: Json = {}
    for name, value in values.items():
        rule = rules.get(name, otherwise)
        if rule is True:
            shown[name] = value
        elif rule:
            part = _part(value, rule)
            if part:
                shown[name] = part
    return shown


def _part(value: Any, rule: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return _shown(value, rule, otherwise=False)
    if isinstance(value, list | tuple):
        return [part for part in (_shown(item, rule, otherwise=False) for item in value) if part]
    return value
