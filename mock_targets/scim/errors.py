"""What the SCIM family refuses, as exceptions that carry their own status and scimType (RFC 7644 section 3.12).

Nothing below the routes renders an error: raise one of these, and the edge turns it into the body of the version
that was asked for.
"""

from __future__ import annotations

from provcheck.mock_targets.query.errors import Flaw

MAX_DETAIL = 500
"""Longest detail that is sent back, in characters; a hostile value is not echoed in full."""


class ScimError(Exception):
    """A refusal that is answered to the client. `detail` is always safe to encode as UTF-8."""

    status: int = 400
    scim_type: str | None = None

    flag: str | None = None
    """The flag of the target that leads to the refusal, where it is one."""

    about: str | None = None
    """The attribute or query parameter that is refused, where it is one; of a filter: its flaw."""

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        scim_type: str | None = None,
        flag: str | None = None,
        about: str | None = None,
    ) -> None:
        clean = detail[:MAX_DETAIL].encode("utf-8", "replace").decode("utf-8")
        super().__init__(clean)
        self.detail = clean
        if status is not None:
            self.status = status
        if scim_type is not None:
            self.scim_type = scim_type
        if flag is not None:
            self.flag = flag
        if about is not None:
            self.about = about


class InvalidFilter(ScimError):
    """The filter cannot be read, or compares an attribute in a way it cannot be compared.

    `flaw` says in one word what is wrong with it (see `query.errors.Flaw`).
    """

    scim_type = "invalidFilter"

    def __init__(self, detail: str, *, flaw: Flaw = "syntax", flag: str | None = None) -> None:
        super().__init__(detail, flag=flag, about=flaw)
        self.flaw = flaw


class InvalidPath(ScimError):
    """The path of a PATCH operation is malformed or names an attribute that no schema has."""

    scim_type = "invalidPath"


class InvalidSyntax(ScimError):
    """The body does not have the structure the message or the schema asks for."""

    scim_type = "invalidSyntax"


class MissingSchemas(InvalidSyntax):
    """The body has no `schemas`, and must."""


class InvalidValue(ScimError):
    """A required value is missing, or a value does not fit its attribute."""

    scim_type = "invalidValue"


class TooManyMembers(InvalidValue):
    """The request names more members than the target takes in one request."""


class GroupFull(InvalidValue):
    """The group would have more members than the target lets it have."""


class NoTarget(ScimError):
    """The path is right but there is nothing it could act on."""

    scim_type = "noTarget"


class Mutability(ScimError):
    """The attribute may not be changed (or not any more)."""

    scim_type = "mutability"


class Uniqueness(ScimError):
    """The value is taken by another resource."""

    status = 409
    scim_type = "uniqueness"


class Unresolved(ScimError):
    """A bulkId stands for no resource (RFC 7644 section 3.7.1)."""

    status = 409


class Sensitive(ScimError):
    """The request compares an attribute that must not be compared (RFC 7644 section 7.5.2)."""

    status = 403
    scim_type = "sensitive"


class InvalidVersion(ScimError):
    """The SCIM version in the URL is not supported here (RFC 7644 section 3.13)."""

    scim_type = "invalidVers"


class InvalidCursor(ScimError):
    """The cursor was never given out (RFC 9865 section 2.1)."""

    scim_type = "invalidCursor"


class ExpiredCursor(ScimError):
    """The cursor was given out too long ago (RFC 9865 section 2.1)."""

    scim_type = "expiredCursor"


class InvalidCount(ScimError):
    """The count does not fit the cursor it came with (RFC 9865 section 2.1)."""

    scim_type = "invalidCount"


class Forbidden(ScimError):
    """The operation is switched off for this caller."""

    status = 403


class NotFound(ScimError):
    """There is no such resource or endpoint."""

    status = 404


class PreconditionFailed(ScimError):
    """The resource is no longer the version the client names (RFC 7644 section 3.14)."""

    status = 412


class PreconditionRequired(ScimError):
    """The request names no version of the resource, and must (RFC 6585 section 3)."""

    status = 428


class PayloadTooLarge(ScimError):
    """The body, or the number of its operations, is above the limit (RFC 7644 section 3.7.4)."""

    status = 413


class NotOffered(ScimError):
    """The server does not offer this operation."""

    status = 501
