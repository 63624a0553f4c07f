"""Where our target and scim2-server may differ, and what decides it: a table, one row for each difference.

A row with `even` takes the difference out of both bodies before they are compared; a row with `excuses` recognises a
pair of answers. `rule` says in one sentence what the section that it names lays down.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scim.differential_peers import Seen
from scim.scim_rig import USER


@dataclass(frozen=True, slots=True)
class Step:
    """One request. Ids of resources made earlier in the sequence stand as `<n>`."""

    method: str
    path: str
    body: Any = None
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def asks(self, name: str) -> str | None:
        """A query parameter."""
        return dict(self.query).get(name)

    @property
    def text(self) -> str:
        """The body as text, to look for words in."""
        return json.dumps(self.body)


Even = Callable[[Any, frozenset[str]], Any]
"""A body without the difference; it is told which resources are gone."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """One difference that is allowed."""

    name: str
    section: str
    rule: str
    excuses: Callable[[Step, Seen, Seen], bool] | None = None
    even: Even | None = None


def scim_type(seen: Seen) -> str | None:
    """The scimType of an answer."""
    return seen.whole.get("scimType") if isinstance(seen.whole, dict) else None


def _refused(seen: Seen, status: int = 400) -> bool:
    return seen.status == status


def _stricter(ours: Seen, theirs: Seen) -> bool:
    return _refused(ours) and theirs.status < 300


def _walk(body: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    if isinstance(body, dict):
        return change({key: _walk(value, change) for key, value in body.items()})
    return [_walk(item, change) for item in body] if isinstance(body, list) else body


def _without_groups(body: Any, gone: frozenset[str]) -> Any:
    return _walk(
        body, lambda it: {k: v for k, v in it.items() if k != "groups"} if USER in it.get("schemas", ()) else it
    )


def _bare_members(body: Any, gone: frozenset[str]) -> Any:
    def bare(it: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(it.get("members"), list):
            return it
        members = [{k: v for k, v in each.items() if k not in ("type", "display")} for each in it["members"]]
        return {**it, "members": members}

    return _walk(body, bare)


def _living_members(body: Any, gone: frozenset[str]) -> Any:
    def living(it: dict[str, Any]) -> dict[str, Any]:
        members = [each for each in it.get("members", ()) if each.get("value") not in gone]
        return {**{k: v for k, v in it.items() if k != "members"}, **({"members": members} if members else {})}

    return _walk(body, lambda it: living(it) if "members" in it else it)


def _distinct_members(body: Any, gone: frozenset[str]) -> Any:
    def distinct(it: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(it.get("members"), list):
            return it
        return {**it, "members": list({json.dumps(each, sort_keys=True): each for each in it["members"]}.values())}

    return _walk(body, distinct)


def _no_location(body: Any, gone: frozenset[str]) -> Any:
    return _walk(body, lambda it: {k: v for k, v in it.items() if v != {}})


def _bulk_patch(body: Any, gone: frozenset[str]) -> Any:
    def same(it: dict[str, Any]) -> dict[str, Any]:
        return {**it, "status": "2xx"} if it.get("method") == "PATCH" and it.get("status") in ("200", "204") else it

    return _walk(body, same)


def _filter(step: Step) -> str:
    return step.asks("filter") or (step.body.get("filter") or "" if isinstance(step.body, dict) else "")


def _is_patch(step: Step) -> bool:
    return step.method == "PATCH"


def _operations(step: Step) -> list[dict[str, Any]]:
    found = step.body.get("Operations") if isinstance(step.body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _types_differ(step: Step, ours: Seen, theirs: Seen) -> bool:
    return ours.status == theirs.status == 400 and scim_type(ours) != scim_type(theirs)


def _loose_boolean(step: Step, ours: Seen, theirs: Seen) -> bool:
    return (
        _stricter(ours, theirs)
        and re.search(r'"(active|primary)": ("|[01])|"active", "value": "', step.text) is not None
    )


def _empty_name(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _stricter(ours, theirs) and ('"userName": ""' in step.text or '"userName", "value": ""' in step.text)


def _says_twice(step: Step, ours: Seen, theirs: Seen) -> bool:
    keys = [key.lower() for key in step.body] if isinstance(step.body, dict) else []
    return _stricter(ours, theirs) and len(set(keys)) < len(keys)


def _names_schemas(body: Any) -> bool:
    return isinstance(body, dict) and any(key.lower() == "schemas" and value for key, value in body.items())


def _lacks_schemas(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.method in ("POST", "PUT", "PATCH") and _refused(ours) and not _names_schemas(step.body)


def _unknown_member(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _stricter(ours, theirs) and "there is no resource with the id" in ours.whole["detail"]


def _member_without_id(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _stricter(ours, theirs) and "members.value is required" in ours.whole["detail"]


def _nothing_selected(step: Step, ours: Seen, theirs: Seen) -> bool:
    removal = any(each.get("op") == "remove" and "[" in str(each.get("path")) for each in _operations(step))
    return _is_patch(step) and removal and scim_type(ours) == "noTarget" and theirs.status < 300


def _capital_operation(step: Step, ours: Seen, theirs: Seen) -> bool:
    words = [each.get("op") for each in _operations(step)]
    return _is_patch(step) and _stricter(ours, theirs) and any(str(word).lower() != word for word in words)


def _broken_message(step: Step, ours: Seen, theirs: Seen) -> bool:
    words = [each.get("op") in ("add", "remove", "replace") for each in _operations(step)]
    broken = scim_type(ours) == "invalidSyntax" and scim_type(theirs) == "invalidValue"
    return _is_patch(step) and _types_differ(step, ours, theirs) and broken and not (words and all(words))


def _bare_value(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _stricter(ours, theirs) and "is a list of values" in ours.whole["detail"]


def _settled_member(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _is_patch(step) and scim_type(ours) == "mutability" and "members" in ours.whole["detail"]


def _membership_filter(step: Step, ours: Seen, theirs: Seen) -> bool:
    return ours.status == theirs.status == 200 and "groups" in _filter(step)


def _secret(step: Step, ours: Seen, theirs: Seen) -> bool:
    return ours.status == 403 and scim_type(ours) == "sensitive" and "password" in ours.whole["detail"]


def _extension_as_name(step: Step, ours: Seen, theirs: Seen) -> bool:
    return (
        ours.status == 200
        and re.search(r":User pr", _filter(step)) is not None
        and scim_type(theirs) == "invalidFilter"
    )


def _complex_compared(step: Step, ours: Seen, theirs: Seen) -> bool:
    return scim_type(ours) == "invalidFilter" and theirs.status == 200 and "is complex" in ours.whole["detail"]


def _sort_type(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _types_differ(step, ours, theirs) and scim_type(theirs) == "invalidPath" and step.asks("sortBy") is not None


def _shown_by_post(step: Step, ours: Seen, theirs: Seen) -> bool:
    asked = step.asks("attributes") is not None or step.asks("excludedAttributes") is not None
    return step.method == "POST" and asked and theirs.status == 201


def _loose_search(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.path.endswith(".search") and _stricter(ours, theirs)


def _circle(step: Step, ours: Seen, theirs: Seen) -> bool:
    statuses = {each.get("status") for each in (ours.whole or {}).get("Operations", ())}
    return step.path == "/Bulk" and "circular" in json.dumps(theirs.whole) and statuses == {"201"}


def _bulk_differs_by_item(step: Step, ours: Seen, theirs: Seen) -> bool:
    """One operation of a bulk request is an instance of another row: the same statuses would be excused alone."""
    if step.path != "/Bulk" or not (ours.status == theirs.status == 200):
        return False
    ours_done, theirs_done = ours.whole["Operations"], theirs.whole["Operations"]
    for item, left, right in zip(_operations(step), ours_done, theirs_done):
        if _state(left) != _state(right):
            alone = Step(item.get("method", ""), item.get("path", ""), item.get("data"))
            pair = (_alone(left), _alone(right))
            return any(row.excuses(alone, *pair) for row in ALLOWANCES if row.excuses and row.name != "one of several")
    return len(ours_done) != len(theirs_done)


def _state(outcome: dict[str, Any]) -> tuple[Any, Any]:
    return outcome.get("status"), (outcome.get("response") or {}).get("scimType")


def _alone(outcome: dict[str, Any]) -> Seen:
    body = outcome.get("response")
    return Seen(int(outcome["status"]), body, body, {})


def _broken_item(step: Step, ours: Seen, theirs: Seen) -> bool:
    items = step.body.get("Operations") if isinstance(step.body, dict) else None
    odd = isinstance(items, list) and not all(isinstance(each, dict) for each in items)
    return step.path == "/Bulk" and odd and scim_type(ours) == "invalidSyntax"


def _member_reworded(step: Step, ours: Seen, theirs: Seen) -> bool:
    return (
        step.method == "PUT" and ours.status == 200 and scim_type(theirs) == "mutability" and '"members"' in step.text
    )


def _other_refusal(step: Step, ours: Seen, theirs: Seen) -> bool:
    several = len(_operations(step)) > 1 and _types_differ(step, ours, theirs)
    return several or (ours.status != theirs.status and {ours.status, theirs.status} <= {400, 404, 409, 412})


def _bulk_id_left_out(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.path == "/Bulk" and _refused(ours) and "needs a bulkId" in ours.whole["detail"]


def _headers_only(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.method == "HEAD" and ours.status == 200 and theirs.status == 405


ALLOWANCES = (
    Allowance(
        "groups of a user",
        "RFC 7643 4.1.2",
        "`groups` lists the groups that a user belongs to; the server keeps it",
        even=_without_groups,
    ),
    Allowance(
        "what is said about a member",
        "RFC 7643 4.2",
        "`type` tells a user from a group; a server may fill it in",
        even=_bare_members,
    ),
    Allowance(
        "members that are gone",
        "RFC 7644 3.6",
        "what is deleted must not be found by any operation any more",
        even=_living_members,
    ),
    Allowance(
        "the same member twice",
        "RFC 7643 2.4",
        "the same value and type should not occur twice in one attribute",
        even=_distinct_members,
    ),
    Allowance(
        "a part without content",
        "RFC 7643 2.5",
        "what holds no value is unassigned, and need not be shown",
        even=_no_location,
    ),
    Allowance(
        "the status of a bulk PATCH", "RFC 7644 3.5.2", "a PATCH that worked is answered 200 or 204", even=_bulk_patch
    ),
    Allowance(
        "schemas left out", "RFC 7643 3", "`schemas` is required, in resources and in messages", excuses=_lacks_schemas
    ),
    Allowance("a boolean as text", "RFC 7643 2.3.2", "a boolean is the literal true or false", excuses=_loose_boolean),
    Allowance(
        "an empty userName", "RFC 7643 4.1.1", "each user must have a userName that is not empty", excuses=_empty_name
    ),
    Allowance(
        "one name in two spellings",
        "RFC 7643 2.1",
        "attribute names are case-insensitive, so it is given twice",
        excuses=_says_twice,
    ),
    Allowance(
        "members that nobody is",
        "RFC 7643 4.2",
        "the value of a member is the id of a resource",
        excuses=_unknown_member,
    ),
    Allowance(
        "a member without id",
        "RFC 7643 4.2",
        "the value of a member is the id of a resource",
        excuses=_member_without_id,
    ),
    Allowance(
        "a selection of nothing",
        "RFC 7644 3.12",
        "noTarget is for a path whose filter yields no match",
        excuses=_nothing_selected,
    ),
    Allowance(
        "operation names in capitals",
        "RFC 7644 3.5.2",
        "`op` is one of add, remove and replace",
        excuses=_capital_operation,
    ),
    Allowance(
        "the type of a broken message",
        "RFC 7644 3.12",
        "invalidSyntax is for a message whose structure is wrong",
        excuses=_broken_message,
    ),
    Allowance(
        "one value for a list",
        "RFC 7643 2.4",
        "several values are a JSON array, even when there is one",
        excuses=_bare_value,
    ),
    Allowance(
        "sub-attributes of a member",
        "RFC 7643 4.2",
        "members come and go, their sub-attributes are immutable",
        excuses=_settled_member,
    ),
    Allowance(
        "filters on groups",
        "RFC 7643 4.1.2",
        "`groups` lists the groups that a user belongs to",
        excuses=_membership_filter,
    ),
    Allowance(
        "filters on secrets",
        "RFC 7644 7.5.2",
        "a URI must not carry what is sensitive: 403 with `sensitive`",
        excuses=_secret,
    ),
    Allowance(
        "an extension as a name",
        "RFC 7643 3.3",
        "an extension is an attribute named by its URI",
        excuses=_extension_as_name,
    ),
    Allowance(
        "a complex attribute compared",
        "RFC 7644 3.12",
        "invalidFilter is for a comparison that is not supported",
        excuses=_complex_compared,
    ),
    Allowance(
        "the type of a bad sortBy", "RFC 7644 3.12", "invalidPath is about the path of a PATCH", excuses=_sort_type
    ),
    Allowance(
        "what a POST shows",
        "RFC 7644 3.9",
        "any operation that answers with a resource heeds `attributes`",
        excuses=_shown_by_post,
    ),
    Allowance(
        "loose types in a search",
        "RFC 7644 3.4.3",
        "count is an integer, attributes a list of strings",
        excuses=_loose_search,
    ),
    Allowance(
        "circles of bulkIds",
        "RFC 7644 3.7.1",
        "a server must try to resolve a circle; 409 is for when it cannot",
        excuses=_circle,
    ),
    Allowance(
        "one of several",
        "RFC 7644 3.7.3",
        "each operation of a bulk request is answered as if it came alone",
        excuses=_bulk_differs_by_item,
    ),
    Allowance(
        "bulkId left out",
        "RFC 7644 3.7",
        "bulkId is required for a POST, in the answer as well",
        excuses=_bulk_id_left_out,
    ),
    Allowance(
        "an operation that is none",
        "RFC 7644 3.12",
        "invalidSyntax is for a message whose structure is wrong",
        excuses=_broken_item,
    ),
    Allowance(
        "a member said again in other words",
        "RFC 7644 3.5.1",
        "a replace gives readWrite attributes new values",
        excuses=_member_reworded,
    ),
    Allowance(
        "which of two refusals",
        "RFC 7644 3.12",
        "an answer tells of one error; none goes before the others",
        excuses=_other_refusal,
    ),
    Allowance("HEAD", "RFC 9110 9.1", "a server must support GET and HEAD", excuses=_headers_only),
)
