"""Preconditions: If-Match and If-None-Match against the version of a resource (RFC 7644 section 3.14, RFC 9110 13)."""

from __future__ import annotations

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.scim.errors import PreconditionFailed, PreconditionRequired
from provcheck.mock_targets.scim.render import version_tag


def require_match(request: Request, record: Record) -> None:
    """Before a change. Raises PreconditionFailed for another version, PreconditionRequired for none where demanded."""
    if not request.behaviour.supports_etag:
        return
    _check_match(request, record, required=request.behaviour.requires_if_match)
    if _is_named(request.header("If-None-Match"), record):
        raise PreconditionFailed(f"the resource has version {version_tag(record)}, which If-None-Match rules out")


def is_known(request: Request, record: Record) -> bool:
    """Before a read: whether the client already holds this version (304). Raises PreconditionFailed for another one."""
    if not request.behaviour.supports_etag:
        return False
    _check_match(request, record)
    return _is_named(request.header("If-None-Match"), record)


def _check_match(request: Request, record: Record, *, required: bool = False) -> None:
    asked = request.header("If-Match")
    if asked is None:
        if required:
            status = int(request.behaviour.missing_if_match_answer)
            raise PreconditionRequired("If-Match is required", status=status, flag="requires_if_match")
    elif not _is_named(asked, record):
        raise PreconditionFailed(f"the resource has version {version_tag(record)}, not {asked:.80}")


def _is_named(header: str | None, record: Record) -> bool:
    """Whether a list of entity tags names the version; tags are weak here, so the comparison is weak as well."""
    if header is None:
        return False
    named = _tags(header)
    return "*" in named or not named.isdisjoint((f'"{record.version}"', str(record.version)))


def _tags(header: str) -> set[str]:
    """The entity tags of a list (RFC 9110 section 8.8.3), without what marks them as weak; also tags without quotes.

    Quotes hold no escapes, so that what stands between two of them is a tag, and commas count only outside.
    """
    found: set[str] = set()
    for place, part in enumerate(header.split('"')):
        if place % 2:
            found.add(f'"{part}"')
        else:
            found.update(tag.strip().removeprefix("W/").removeprefix("w/") for tag in part.split(","))
    return found - {""}
