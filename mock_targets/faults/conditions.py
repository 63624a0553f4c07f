"""What kind of request this is, for faults that are meant for some kinds only. One small function for each trait.

A request that cannot be read has no trait: refusing it is the target's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from flask import Request

from provcheck.mock_targets.http.errors import WireError

_TERM = r'[\w.:$-]+\s+eq\s+(?:"(?:[^"\\]|\\.)*"|\w+)'
_ONLY_EQ = re.compile(rf"\s*{_TERM}(?:\s+and\s+{_TERM})*\s*", re.IGNORECASE)


class Asks(Protocol):
    """What of a call its traits are read from."""

    request: Request

    @property
    def method(self) -> str:
        """The HTTP method."""

    def json(self) -> Any:
        """The body. Raises BadJson."""


def has_trait(call: Asks, trait: str) -> bool:
    """Whether the request has a trait of `fault_reading.TRAITS`."""
    return _TRAITS[trait](call)


def _operations(call: Asks) -> Iterator[Mapping[str, Any]]:
    """The operations of a PATCH, whatever case its words are in."""
    if call.method != "PATCH":
        return
    for key, value in _body(call).items():
        if key.lower() == "operations" and isinstance(value, list):
            yield from ({k.lower(): v for k, v in each.items()} for each in value if isinstance(each, dict))


def _body(call: Asks) -> Mapping[str, Any]:
    try:
        body = call.json()
    except WireError:
        return {}
    return body if isinstance(body, dict) else {}


def _has_id(call: Asks) -> bool:
    values = [each.get("value") for each in _operations(call)]
    paths = [each.get("path") for each in _operations(call)]
    return "id" in paths or any("id" in each for each in (_body(call), *values) if isinstance(each, dict))


def _clears(call: Asks) -> bool:
    return any(
        str(each.get("op")).lower() == "remove" or ("value" in each and each["value"] in (None, "", []))
        for each in _operations(call)
    )


def _filter(call: Asks) -> str:
    return call.request.args.get("filter") or ""


def _beyond_eq(call: Asks) -> bool:
    text = _filter(call)
    return bool(text) and _ONLY_EQ.fullmatch(text) is None


def _is_scim_json(call: Asks) -> bool:
    return bool(call.request.mimetype == "application/scim+json")


_TRAITS: Mapping[str, Callable[[Asks], bool]] = {
    "patch_without_path": lambda call: any(not each.get("path") for each in _operations(call)),
    "patch_with_id": lambda call: call.method == "PATCH" and _has_id(call),
    "patch_with_urn_path": lambda call: any(
        str(each.get("path", "")).lower().startswith("urn:") for each in _operations(call)
    ),
    "patch_with_capitals": lambda call: any(
        str(each.get("op", "")) != str(each.get("op", "")).lower() for each in _operations(call)
    ),
    "patch_of_several": lambda call: len(list(_operations(call))) > 1,
    "clears": _clears,
    "filter": lambda call: bool(_filter(call)),
    "filter_beyond_eq": _beyond_eq,
    "filter_not_latin": lambda call: not _filter(call).isascii(),
    "scim_json": _is_scim_json,
}
