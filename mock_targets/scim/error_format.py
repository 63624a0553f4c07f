"""How a SCIM service provider speaks: its media type, its error message (RFC 7644 section 3.12), its credentials.

The first segment of a path says in which version of the protocol the client is answered, refusals included.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from provcheck.mock_targets.directory import Conflict, NotFound
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.errors import InvalidVersion, ScimError
from provcheck.mock_targets.scim.version import ERROR_URN as ERROR_URN
from provcheck.mock_targets.scim.version import VERSION_2, VERSIONS, Version

_VERSION_SEGMENT = re.compile(r"v[0-9][0-9.]*", re.IGNORECASE | re.ASCII)
_CHALLENGES = {"basic": 'Basic realm="scim"'}
_CONTENT_TYPES = {version.segment: {"Content-Type": version.content_type} for version in VERSIONS.values()}
_NOTHING: Mapping[str, str] = {}


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
    if isinstance(error, errors.WireError):
        return error.status, error.detail, None
    return 400, str(error), "invalidValue"


def error_headers(error: Exception, challenge: str = 'Bearer realm="scim"') -> dict[str, str]:
    """The headers that go with an error status (RFC 9110)."""
    if isinstance(error, errors.Unauthorized):
        return {"WWW-Authenticate": challenge}
    if isinstance(error, errors.MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, errors.TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    return {}


class ScimErrorFormat:
    """The voice of RFC 7644, and of SCIM 1.1 below /v1."""

    content_type = VERSION_2.content_type
    refusals: tuple[type[Exception], ...] = (ScimError,)

    def error(self, call: Call, error: Exception) -> Answer:
        """A refusal as a SCIM error message."""
        if isinstance(error, errors.UnknownPath):
            error = _lost(call, error)
        status, detail, scim_type = told(error)
        challenge = _CHALLENGES.get(call.behaviour.authentication, 'Bearer realm="scim"')
        return Answer(status, version_of(call).error(status, detail, scim_type), error_headers(error, challenge))

    def authenticate(self, call: Call) -> None:
        """Raises Unauthorized unless the request carries the credentials that the target asks for."""
        method, header = call.behaviour.authentication, call.header("Authorization")
        if method == "none" or (method == "bearer" and holds_token(header, call.target.token)):
            return
        if method == "basic" and holds_token(f"basic {_password(header)}", call.target.token, schemes=("basic",)):
            return
        raise errors.Unauthorized("Authorization failure. The authorization header is invalid or missing.")

    def headers(self, call: Call) -> Mapping[str, str]:
        """The media type, where it is not the usual one."""
        version = version_of(call)
        return _NOTHING if version is VERSION_2 else _CONTENT_TYPES[version.segment]


def version_of(call: Call) -> Version:
    """The version of the protocol that a request speaks, by its path."""
    return VERSIONS.get(call.request.path[1:3], VERSION_2)


def _lost(call: Call, error: Exception) -> Exception:
    """A refusal for a path that begins with no version that is spoken here (RFC 7644 section 3.13)."""
    segment = call.request.path[1:].partition("/")[0]
    if segment in VERSIONS:
        return error
    spoken = " or ".join(f"/{each}" for each in VERSIONS)
    if _VERSION_SEGMENT.fullmatch(segment):
        return InvalidVersion(f"SCIM {segment:.40} is not spoken here; URLs begin with {spoken}")
    return errors.UnknownPath(f"{call.request.path:.200} does not exist; URLs begin with {spoken}")


def _password(header: str | None) -> str:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
