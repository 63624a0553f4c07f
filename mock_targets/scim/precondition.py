"""Preconditions: If-Match and If-None-Match against the version of a resource (RFC 7644 section 3.14, RFC 9110)."""

from __future__ import annotations

from mock_targets.directory import Record
from mock_targets.scim.errors import PreconditionFailed
from mock_targets.scim.render import version_tag
from mock_targets.wire.call import Call


def require_match(call: Call, record: Record) -> None:
    """Raise PreconditionFailed when the client names another version, or none where one is demanded."""
    if not call.behaviour.supports_etag:
        return
    asked = call.header("If-Match")
    if asked is None:
        if call.behaviour.requires_if_match:
            raise PreconditionFailed("If-Match is required")
    elif not _names(asked, version_tag(record)):
        raise PreconditionFailed(f"the resource has version {version_tag(record)}, not {asked:.80}")


def is_known(call: Call, record: Record) -> bool:
    """Whether the client already holds this version, so that a GET answers 304."""
    asked = call.header("If-None-Match") if call.behaviour.supports_etag else None
    return asked is not None and _names(asked, version_tag(record))


def _names(header: str, tag: str) -> bool:
    """Whether a list of entity tags names one; versions are weak here, so the comparison is weak as well."""
    named = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in named or tag.removeprefix("W/") in named
