"""The messages of SCIM 2.0 that carry no resource: errors (RFC 7644 section 3.12), and what they are made from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from provcheck.mock_targets.directory import Conflict, NotFound
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import challenge
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.operations.membership_changes import NothingSelected
from provcheck.mock_targets.scim.errors import InvalidVersion, ScimError
from provcheck.mock_targets.scim.schema import Json

LIST_URN = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"
_VERSION = re.compile(r"v[0-9][0-9.]*", re.IGNORECASE | re.ASCII)
_TYPES_OF_REASONS = {"filter_not_supported": "invalidFilter", "value_missing": "invalidValue"}
_CHALLENGES = {"basic": 'Basic realm="scim"'}


def told(error: Exception) -> tuple[int, str, str | None]:
    """Status, detail and scimType of anything that may be refused."""
    if isinstance(error, ScimError):
        return error.status, error.detail, error.scim_type
    if isinstance(error, NotFound):
        return 404, f"Resource {error.id:.200} not found", None
    if isinstance(error, Conflict):
        return 409, str(error), "uniqueness"
    if isinstance(error, errors.BadJson):
        return 400, error.detail, "invalidSyntax"
    if isinstance(error, errors.Broken):
        return error.status, error.detail, _TYPES_OF_REASONS.get(error.reason or "")
    if isinstance(error, errors.WireError):
        return error.status, error.detail, None
    if isinstance(error, Forbidden):
        return 403, error.detail, None
    if isinstance(error, NothingSelected):
        return 400, str(error), "noTarget"
    return 400, str(error), "invalidValue"


def error_headers(error: Exception, authentication: str = "bearer") -> dict[str, str]:
    """The headers that go with an error status (RFC 9110). `authentication` is the scheme that is asked for."""
    if isinstance(error, (errors.Unauthorized, errors.InsufficientScope)):
        return {"WWW-Authenticate": _CHALLENGES.get(authentication) or challenge(error, "scim")}
    if isinstance(error, errors.MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, errors.TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    return {}


def error_body(status: int, detail: str, scim_type: str | None = None) -> Json:
    """A SCIM 2.0 error message. The status is a text in it (RFC 7644 section 3.12)."""
    body: Json = {"schemas": [ERROR_URN], "status": str(status)}
    if scim_type:
        body["scimType"] = scim_type
    return {**body, "detail": detail}


def misplaced(path: str, root: str, version: str, spoken: Sequence[str]) -> Exception | None:
    """A refusal for a path that begins with no version that is spoken beside `root` (RFC 7644 section 3.13).

    `spoken` are the roots of the versions that are. None: the path begins with one of them, or lies elsewhere.
    """
    here = root.rpartition("/")[0]
    if not root.endswith(f"/{version}") or not path.startswith(f"{here}/"):
        return None
    segment = path[len(here) + 1 :].partition("/")[0]
    if f"{here}/{segment}" in spoken:
        return None
    begin = " or ".join(spoken)
    if _VERSION.fullmatch(segment):
        return InvalidVersion(f"SCIM {segment:.40} is not spoken here; URLs begin with {begin}")
    return errors.UnknownPath(f"{path:.200} does not exist; URLs begin with {begin}")
