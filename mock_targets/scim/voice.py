"""How a SCIM service provider speaks: its media type, its error message (RFC 7644 section 3.12), its credentials."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from mock_targets.directory import Conflict, NotFound
from mock_targets.scim.errors import ScimError
from mock_targets.wire import errors
from mock_targets.wire.answer import Answer
from mock_targets.wire.auth import holds_token
from mock_targets.wire.call import Call

ERROR_URN = "urn:ietf:params:scim:api:messages:2.0:Error"


def error_body(status: int, detail: str, scim_type: str | None = None) -> dict[str, Any]:
    """A SCIM 2.0 error message. The status is a text in it (RFC 7644 section 3.12)."""
    body: dict[str, Any] = {"schemas": [ERROR_URN], "status": str(status)}
    if scim_type:
        body["scimType"] = scim_type
    return {**body, "detail": detail}


def told(error: Exception) -> tuple[int, str, str | None]:
    """Status, detail and scimType of anything that may be refused."""
    if isinstance(error, ScimError):
        return error.status, error.detail, error.scim_type
    if isinstance(error, NotFound):
        return 404, f"Resource {error.id} not found", None
    if isinstance(error, Conflict):
        return 409, str(error), "uniqueness"
    if isinstance(error, errors.BadJson):
        return 400, error.detail, "invalidSyntax"
    if isinstance(error, errors.WireError):
        return error.status, error.detail, None
    return 400, str(error), "invalidValue"


def error_headers(error: Exception) -> dict[str, str]:
    """The headers that go with an error status (RFC 9110)."""
    if isinstance(error, errors.Unauthorized):
        return {"WWW-Authenticate": 'Bearer realm="scim"'}
    if isinstance(error, errors.MethodNotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, errors.TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    return {}


class ScimVoice:
    """The voice of RFC 7644."""

    content_type = "application/scim+json"
    refusals: tuple[type[Exception], ...] = (ScimError,)

    def error(self, call: Call, error: Exception) -> Answer:
        """A refusal as a SCIM error message."""
        status, detail, scim_type = told(error)
        return Answer(status, error_body(status, detail, scim_type), error_headers(error))

    def authenticate(self, call: Call) -> None:
        """Raises Unauthorized unless the request carries the credentials that the target asks for."""
        method, header = call.behaviour.authentication, call.header("Authorization")
        if method == "none" or (method == "bearer" and holds_token(header, call.target.token)):
            return
        if method == "basic" and holds_token(f"basic {_password(header)}", call.target.token, schemes=("basic",)):
            return
        raise errors.Unauthorized("Authorization failure. The authorization header is invalid or missing.")

    def headers(self, call: Call) -> Mapping[str, str]:
        """No headers beyond those of each answer."""
        return {}


def _password(header: str | None) -> str:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
