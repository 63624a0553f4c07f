"""Versions of resources: entity tags, and requests that depend on them (RFC 9110 section 13)."""

from __future__ import annotations

import base64
from hashlib import sha256

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.request import Request


def entity_tag(text: str, length: int = 27) -> str:
    """Return the quoted tag of a text: so many base64url characters, the same as long as the text is the same."""
    return f'"{base64.urlsafe_b64encode(sha256(text.encode()).digest()).decode()[:length]}"'


def version_tag(record: Record) -> str:
    """Return the tag of a resource: stable while nothing changes, another one after each change."""
    return entity_tag(f"{record.id}.{record.version}.{record.created.isoformat()}")


def is_known(request: Request, tag: str) -> bool:
    """Return True if a GET names this tag in If-None-Match: the client holds this version already."""
    return _names(request.header("If-None-Match"), tag)


def is_outdated(request: Request, tag: str) -> bool:
    """Return True if a write names other tags than this one in If-Match: it must not be carried out."""
    asked = request.header("If-Match")
    return asked is not None and not _names(asked, tag)


def _names(header: str | None, tag: str) -> bool:
    given = {each.strip().removeprefix("W/") for each in (header or "").split(",")}
    return "*" in given or tag.removeprefix("W/") in given
