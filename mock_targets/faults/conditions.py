"""What kind of request this is, for faults that are meant for some kinds only. One small function for each trait.

A request that cannot be read has no trait: refusing it is the target's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from werkzeug.wrappers import Request

from provcheck.mock_targets.http.errors import WireError

_TERM = r'[\w.:$-]+\s+eq\s+(?:"(?:[^"\\]|\\.)*"|\w+)'
_ONLY_EQ = re.compile(rf"\s*{_TERM}(?:\s+and\s+{_TERM})*\s*", re.IGNORECASE)


class Asks(Protocol):
    """What of a request its traits are read from."""

    wsgi: Request

    @property
    def method(self) -> str:
        """The HTTP method."""

    def json(self) -> Any:
        """The body. Raises BadJson."""


def has_trait(request: Asks, trait: str) -> bool:
    """Whether the request has a trait of `fault_reading.TRAITS`."""
    return _TRAITS[trait](request)


def _operations(request: Asks) -> Iterator[Mapping[str, Any]]:
    """The operations of a PATCH, whatever case its words are in."""
    if request.method != "PATCH":
        return
    for key, value in _body(request).items():
        if key.lower() == "operations" and isinstance(value, list):
            yield from ({k.lower(): v for k, v in each.items()} for each in value if isinstance(each, dict))


def _body(request: Asks) -> Mapping[str, Any]:
    try:
        body = request.json()
    except WireError:
        return {}
    return body if isinstance(body, dict) else {}


def _has_id(request: Asks) -> bool:
    values = [each.get("value") for each in _operations(request)]
    paths = [each.get("path") for each in _operations(request)]
    return "id" in paths or any("id" in each for each in (_body(request), *values) if isinstance(each, dict))


def _clears(request: Asks) -> bool:
    return any(
        str(each.get("op")).lower() == "remove" or ("value" in each and each["value"] in (None, "", []))
        for each in _operations(request)
    )


def _filter(request: Asks) -> str:
    return request.wsgi.args.get("filter") or ""


def _beyond_eq(request: Asks) -> bool:
    text = _filter(request)
    return bool(text) and _ONLY_EQ.fullmatch(text) is None


def _is_scim_json(request: Asks) -> bool:
    return bool(request.wsgi.mimetype == "application/scim+json")


_TRAITS: Mapping[str, Callable[[Asks], bool]] = {
    "patch_without_path": lambda request: any(not each.get("path") for each in _operations(request)),
    "patch_with_id": lambda request: request.method == "PATCH" and _has_id(request),
    "patch_with_urn_path": lambda request: any(
        str(each.get("path", "")).lower().startswith("urn:") for each in _operations(request)
    ),
    "patch_with_capitals": lambda request: any(
        str(each.get("op", "")) != str(each.get("op", "")).lower() for each in _operations(request)
    ),
    "patch_of_several": lambda request: len(list(_operations(request))) > 1,
    "clears": _clears,
    "filter": lambda request: bool(_filter(request)),
    "filter_beyond_eq": _beyond_eq,
    "filter_not_latin": lambda request: not _filter(request).isascii(),
    "scim_json": _is_scim_json,
}
