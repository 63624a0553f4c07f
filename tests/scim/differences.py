"""What kinds of difference there are between two service providers, each as a function that recognises or evens it.

Which of them is allowed, and why, is said in `allowances`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.scim.differential_peers import Seen
from tests.scim.scim_rig import USER


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


def without_groups(body: Any, gone: frozenset[str]) -> Any:
    return _walk(
        body, lambda it: {k: v for k, v in it.items() if k != "groups"} if USER in it.get("schemas", ()) else it
    )


def bare_members(body: Any, gone: frozenset[str]) -> Any:
    def bare(it: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(it.get("members"), list):
            return it
        members = [{k: v for k, v in each.items() if k not in ("type", "display")} for each in it["members"]]
        return {**it, "members": members}

    return _walk(body, bare)


def living_members(body: Any, gone: frozenset[str]) -> Any:
    def living(it: dict[str, Any]) -> dict[str, Any]:
        members = [each for each in it.get("members", ()) if each.get("value") not in gone]
        return {**{k: v for k, v in it.items() if k != "members"}, **({"members": members} if members else {})}

    return _walk(body, lambda it: living(it) if "members" in it else it)


def distinct_members(body: Any, gone: frozenset[str]) -> Any:
    def distinct(it: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(it.get("members"), list):
            return it
        return {**it, "members": list({json.dumps(each, sort_keys=True): each for each in it["members"]}.values())}

    return _walk(body, distinct)


def no_location(body: Any, gone: frozenset[str]) -> Any:
    return _walk(body, lambda it: {k: v for k, v in it.items() if v != {}})


def bulk_patch(body: Any, gone: frozenset[str]) -> Any:
    def same(it: dict[str, Any]) -> dict[str, Any]:
        return {**it, "status": "2xx"} if it.get("method") == "PATCH" and it.get("status") in ("200", "204") else it

    return _walk(body, same)


def _filter(step: Step) -> str:
    return step.asks("filter") or (step.body.get("filter") or "" if isinstance(step.body, dict) else "")


def _is_patch(step: Step) -> bool:
    return step.method == "PATCH"


def operations_of(step: Step) -> list[dict[str, Any]]:
    found = step.body.get("Operations") if isinstance(step.body, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _types_differ(step: Step, ours: Seen, theirs: Seen) -> bool:
    return ours.status == theirs.status == 400 and scim_type(ours) != scim_type(theirs)


def loose_boolean(step: Step, ours: Seen, theirs: Seen) -> bool:
    return (
        _stricter(ours, theirs)
        and re.search(r'"(active|primary)": ("|[01])|"active", "value": "', step.text) is not None
    )


def empty_name(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _stricter(ours, theirs) and ('"userName": ""' in step.text or '"userName", "value": ""' in step.text)


def says_twice(step: Step, ours: Seen, theirs: Seen) -> bool:
    keys = [key.lower() for key in step.body] if isinstance(step.body, dict) else []
    return _stricter(ours, theirs) and len(set(keys)) < len(keys)


def _names_schemas(body: Any) -> bool:
    return isinstance(body, dict) and any(key.lower() == "schemas" and value for key, value in body.items())


def lacks_schemas(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.method in ("POST", "PUT", "PATCH") and _refused(ours) and not _names_schemas(step.body)


def unknown_member(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _stricter(ours, theirs) and "there is no resource with the id" in ours.whole["detail"]


def member_without_id(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _stricter(ours, theirs) and "members.value is required" in ours.whole["detail"]


def nothing_selected(step: Step, ours: Seen, theirs: Seen) -> bool:
    removal = any(each.get("op") == "remove" and "[" in str(each.get("path")) for each in operations_of(step))
    return _is_patch(step) and removal and scim_type(ours) == "noTarget" and theirs.status < 300


def capital_operation(step: Step, ours: Seen, theirs: Seen) -> bool:
    words = [each.get("op") for each in operations_of(step)]
    return _is_patch(step) and _stricter(ours, theirs) and any(str(word).lower() != word for word in words)


def broken_message(step: Step, ours: Seen, theirs: Seen) -> bool:
    words = [each.get("op") in ("add", "remove", "replace") for each in operations_of(step)]
    broken = scim_type(ours) == "invalidSyntax" and scim_type(theirs) == "invalidValue"
    return _is_patch(step) and _types_differ(step, ours, theirs) and broken and not (words and all(words))


def more_members(step: Step, ours: Seen, theirs: Seen) -> bool:
    operations = step.body.get("Operations") if _is_patch(step) and isinstance(step.body, dict) else None
    is_plain = isinstance(operations, list) and all(isinstance(each, dict) for each in operations)
    return is_plain and ours.status < 300 and any(each.keys() - {"op", "path", "value"} for each in operations)


def settled_member(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _is_patch(step) and scim_type(ours) == "mutability" and "members" in ours.whole["detail"]


def membership_filter(step: Step, ours: Seen, theirs: Seen) -> bool:
    return ours.status == theirs.status == 200 and "groups" in _filter(step)


def secret(step: Step, ours: Seen, theirs: Seen) -> bool:
    return ours.status == 403 and scim_type(ours) == "sensitive" and "password" in ours.whole["detail"]


def extension_as_name(step: Step, ours: Seen, theirs: Seen) -> bool:
    return (
        ours.status == 200
        and re.search(r":User pr", _filter(step)) is not None
        and scim_type(theirs) == "invalidFilter"
    )


def complex_compared(step: Step, ours: Seen, theirs: Seen) -> bool:
    return scim_type(ours) == "invalidFilter" and theirs.status == 200 and "is complex" in ours.whole["detail"]


def sort_type(step: Step, ours: Seen, theirs: Seen) -> bool:
    return _types_differ(step, ours, theirs) and scim_type(theirs) == "invalidPath" and step.asks("sortBy") is not None


def shown_by_post(step: Step, ours: Seen, theirs: Seen) -> bool:
    asked = step.asks("attributes") is not None or step.asks("excludedAttributes") is not None
    return step.method == "POST" and asked and theirs.status == 201


def loose_search(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.path.endswith(".search") and _stricter(ours, theirs)


def circle(step: Step, ours: Seen, theirs: Seen) -> bool:
    statuses = {each.get("status") for each in (ours.whole or {}).get("Operations", ())}
    return step.path == "/Bulk" and "circular" in json.dumps(theirs.whole) and statuses == {"201"}


def outcome_of(outcome: dict[str, Any]) -> tuple[Any, Any]:
    """Status and scimType of one operation of a bulk request."""
    return outcome.get("status"), (outcome.get("response") or {}).get("scimType")


def alone(outcome: dict[str, Any]) -> Seen:
    """One operation of a bulk request as if it had been answered by itself."""
    body = outcome.get("response")
    return Seen(int(outcome["status"]), body, body, {})


def broken_item(step: Step, ours: Seen, theirs: Seen) -> bool:
    items = step.body.get("Operations") if isinstance(step.body, dict) else None
    odd = isinstance(items, list) and not all(isinstance(each, dict) for each in items)
    return step.path == "/Bulk" and odd and scim_type(ours) == "invalidSyntax"


def member_reworded(step: Step, ours: Seen, theirs: Seen) -> bool:
    return (
        step.method == "PUT" and ours.status == 200 and scim_type(theirs) == "mutability" and '"members"' in step.text
    )


def other_refusal(step: Step, ours: Seen, theirs: Seen) -> bool:
    several = len(operations_of(step)) > 1 and _types_differ(step, ours, theirs)
    return several or (ours.status != theirs.status and {ours.status, theirs.status} <= {400, 404, 409, 412})


def bulk_id_left_out(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.path == "/Bulk" and _refused(ours) and "needs a bulkId" in ours.whole["detail"]


def headers_only(step: Step, ours: Seen, theirs: Seen) -> bool:
    return step.method == "HEAD" and ours.status == 200 and theirs.status == 405
