"""Checks credentials. Static tokens are compared as bytes and in constant time; a wrong one is never echoed."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING

from provcheck.mock_targets.http.errors import InsufficientScope, InvalidToken
from provcheck.mock_targets.target.flags import names_in

if TYPE_CHECKING:
    from provcheck.mock_targets.http.request import Request


def holds_token(authorization: str | None, token: str, *, schemes: Iterable[str] = ("bearer",)) -> bool:
    """Return True if an Authorization header has the token, with one of the schemes (ignoring case)."""
    scheme, _, given = (authorization or "").partition(" ")
    return equal(given.strip(), token) and scheme.lower() in schemes


def equal(given: str, secret: str) -> bool:
    """Return True if a secret was given, in a time that does not depend on how much of it is right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


def holds_access(request: Request, *, schemes: Iterable[str] = ("bearer",)) -> bool:
    """Return True if a request has the static token, or an access token that the target issued and that is live.

    Raises InvalidToken for an issued token that is expired or revoked, and InsufficientScope for one without any of the
    scopes of the flag `requires_scopes` (RFC 6750 section 3.1). The static token has every scope.
    """
    header = request.header("Authorization")
    if holds_token(header, request.target.token, schemes=schemes):
        return True
    scheme, _, given = (header or "").partition(" ")
    if request.target.token_url is None or scheme.lower() not in schemes:
        return False
    token = request.target.tokens.find(given.strip())
    if token is None:
        return False
    state = token.state(request.target.clock.monotonic())
    if state != "live":
        raise InvalidToken(f"The access token is {state}")
    needed = names_in(request.behaviour.values().get("requires_scopes"))
    if needed and needed.isdisjoint(scope.casefold() for scope in token.scopes):
        raise InsufficientScope(f"The request needs the scope {' or '.join(sorted(needed))}", scopes=sorted(needed))
    return True


def basic_credentials(header: str | None) -> tuple[str, str] | None:
    """Return user and password of a Basic Authorization header (RFC 7617); None if there are none."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode("utf-8", "replace").partition(":")
    except (binascii.Error, ValueError):
        return None
    return (user, password) if colon else None


def basic_password(header: str | None) -> str:
    """Return the password in a Basic Authorization header; empty if there is none."""
    credentials = basic_credentials(header)
    return credentials[1] if credentials else ""


def holds_basic(request: Request) -> bool:
    """Return True if a request has the static token as the password of any user (RFC 7617)."""
    return equal(basic_password(request.header("Authorization")), request.target.token)


def challenge(error: Exception, realm: str) -> str:
    """Return the WWW-Authenticate header of a refused bearer token (RFC 6750 section 3)."""
    words = [f'Bearer realm="{realm}"']
    if isinstance(error, InvalidToken):
        words.append(f'error="invalid_token", error_description="{error.detail}"')
    if isinstance(error, InsufficientScope):
        words.append(f'error="insufficient_scope", scope="{" ".join(error.scopes)}"')
    return ", ".join(words)
