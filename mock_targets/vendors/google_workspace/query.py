"""The `query` language of lists: clauses of field, operator and value, with blanks between that mean `and`.

Sources: https://developers.google.com/workspace/admin/directory/v1/guides/search-users and .../search-groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.query.compile import Filter, View, compile_query
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.tree import And, Comparison, Query
from provcheck.mock_targets.rest.attributes import Field, Table
from provcheck.mock_targets.short_cache import cached_if_short
from provcheck.mock_targets.vendors.google_workspace.schemas import group_addresses, user_addresses

MAX_CLAUSES = 100
MAX_QUERY = 8000
"""Characters; a URL of Google's servers is no longer."""
_CLAUSE = re.compile(
    r"""\s*(?:([A-Za-z]+)\s*([=:]))?\s*(?:'((?:[^'\\]|\\.)*+)'|"((?:[^"\\]|\\.)*+)"|\{?([^\s'":={}*]+)\}?)(\*?)(?=\s|$)""",
    re.DOTALL,
)
_ANY = "any"
_EXACT, _WORDS = frozenset("="), frozenset("=:")


def _items(name: str, key: str) -> Callable[[Record], list[Any]]:
    def values(record: Record) -> list[Any]:
        entries = record.document.get(name)
        return [each.get(key) for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []

    return values


def _name(key: str) -> Callable[[Record], Any]:
    return lambda record: (record.document.get("name") or {}).get(key)


def _names(record: Record) -> list[Any]:
    given, family = _name("givenName")(record), _name("familyName")(record)
    return [given, family, " ".join(filter(None, (given, family)))]


def _switch(name: str) -> Callable[[Record], bool]:
    return lambda record: bool(record.document.get(name, False))


def _relation(kind: str) -> Callable[[Record], list[Any]]:
    return lambda record: [
        each.get("value")
        for each in record.document.get("relations") or ()
        if isinstance(each, dict) and each.get("type") == kind
    ]


_ADDRESS = {"addressStreet": "streetAddress", "addressLocality": "locality", "addressRegion": "region",
            "addressPostalCode": "postalCode", "addressCountry": "country", "addressPoBox": "poBox"}  # fmt: skip
_ORG = {"orgName": "name", "orgTitle": "title", "orgDepartment": "department", "orgDescription": "description",
        "orgCostCenter": "costCenter"}  # fmt: skip
_SWITCHES = {"isAdmin": "isAdmin", "isDelegatedAdmin": "isDelegatedAdmin", "isSuspended": "suspended",
             "isArchived": "archived"}  # fmt: skip
Reading = tuple[Callable[[Record], Any], str, frozenset[str]]
"""How a field is read, its type in queries, and its operators."""
USER_FIELDS: Mapping[str, Reading] = {
    "email": (lambda record: user_addresses(record.document), "list", _WORDS),
    "name": (_names, "list", _WORDS),
    "givenName": (_name("givenName"), "string", _WORDS),
    "familyName": (_name("familyName"), "string", _WORDS),
    **{name: (_switch(kept), "boolean", _EXACT) for name, kept in _SWITCHES.items()},
    "im": (_items("ims", "im"), "list", _WORDS),
    "externalId": (_items("externalIds", "value"), "list", _WORDS),
    "phone": (_items("phones", "value"), "list", _EXACT),
    "address": (_items("addresses", "formatted"), "list", frozenset(":")),
    **{name: (_items("addresses", key), "list", _WORDS) for name, key in _ADDRESS.items()},
    **{name: (_items("organizations", key), "list", _WORDS) for name, key in _ORG.items()},
    **{name: (_relation("manager"), "list", _EXACT) for name in ("manager", "managerId")},
    **{name: (_relation("manager"), "list", _EXACT) for name in ("directManager", "directManagerId")},
    "orgUnitPath": (lambda record: record.document.get("orgUnitPath") or "/", "string", _EXACT),
    _ANY: (lambda record: [*_names(record), *user_addresses(record.document)], "list", _WORDS),
}
GROUP_FIELDS: Mapping[str, Reading] = {
    "email": (lambda record: group_addresses(record.document), "list", _WORDS),
    "name": (lambda record: record.document.get("name"), "string", _WORDS),
    "memberKey": (lambda record: None, "string", _EXACT),
}
_FIELDS = {"User": USER_FIELDS, "Group": GROUP_FIELDS}
_TABLES = {
    kind: Table(tuple(Field(name, type) for name, (_, type, _) in fields.items()))  # type: ignore[arg-type]  # literals
    for kind, fields in _FIELDS.items()
}


def view_of(record: Record) -> View:
    """A user or group as queries read it."""
    fields = _FIELDS[record.kind]
    return View({}, **{name: (lambda read=read: read(record)) for name, (read, _, _) in fields.items()})


@cached_if_short(maxsize=512)
def read_query(text: str, kind: str) -> Filter:
    """Read a query over users or groups. Raises BadQuery."""
    if len(text) > MAX_QUERY:
        raise BadQuery("Invalid query: too long", flaw="too_large")
    clauses: list[Query] = []
    at, rest = 0, text.rstrip()
    while at < len(rest):
        found = _CLAUSE.match(rest, at)
        if found is None or len(clauses) == MAX_CLAUSES:
            raise BadQuery(f"Invalid query: {rest[at : at + 40]}")
        clauses.append(_clause(kind, found))
        at = found.end()
    if not clauses:
        raise BadQuery("Invalid query: it is empty", flaw="empty")
    query = And(tuple(clauses))
    names = {each.path for each in clauses if isinstance(each, Comparison)}
    if "memberKey" in names and len(names) > 1:
        raise BadQuery("Invalid query: memberKey cannot be combined with other fields")
    return compile_query(query, _TABLES[kind], text=text)


def _clause(kind: str, found: re.Match[str]) -> Query:
    name, sign, single, double, bare, star = found.groups()
    fields = _FIELDS[kind]
    if name is None and _ANY in fields:
        name, sign = _ANY, ":"
    if name not in fields or sign not in fields[name][2] or (star and sign != ":"):
        raise BadQuery(f"Invalid query: {found[0].strip()[:40]}", flaw="attribute")
    quoted = single if single is not None else double
    value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
    if fields[name][1] == "boolean" and value.lower() not in ("true", "false"):
        raise BadQuery(f"Invalid query: {name} is true or false", flaw="comparison")
    if name == "orgUnitPath" and value == "/":
        return Comparison(name, "sw", "/")
    return Comparison(name, "sw" if star else "eq" if sign == "=" else "co", value)
