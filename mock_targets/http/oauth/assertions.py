"""JSON Web Tokens with which a client authenticates (RFC 7519, RFC 7523): signature, times and form."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson

from provcheck.mock_targets.http.oauth import keys
from provcheck.mock_targets.http.oauth.forms import OAuthError
from provcheck.mock_targets.target.target import Target

LONGEST_ASSERTION = 16_384
"""Characters of an assertion; longer ones are refused."""


def read_assertion(assertion: str, target: Target, *, longest: int | None) -> dict[str, Any]:
    """Return the claims of a signed assertion; `iss` is a text among them. Raises OAuthError (invalid_grant).

    RS256 is checked with the public key of the target's client, HS256 with its secret. `longest` are the most seconds
    from `iat` to `exp`.
    """
    pieces = assertion.split(".") if len(assertion) <= LONGEST_ASSERTION else []
    if len(pieces) != 3:
        raise _invalid("is no signed JSON Web Token")
    header, claims, signature = _json(pieces[0]), _json(pieces[1]), _decoded(pieces[2])
    signed = f"{pieces[0]}.{pieces[1]}".encode("ascii", "replace")
    algorithm = header.get("alg")
    if algorithm == "HS256":
        right = hmac.compare_digest(
            hmac.digest(target.tokens.client_secret.encode(), signed, hashlib.sha256), signature
        )
    elif algorithm == "RS256":
        right = keys.is_signed(keys.key_of(target), signature, signed)
    else:
        raise _invalid("is not signed with RS256 or HS256")
    if not right:
        raise _invalid("has an invalid signature")
    _check_times(claims, target.clock.now().timestamp(), longest)
    if not isinstance(claims.get("iss"), str):
        raise _invalid("names no issuer")
    return claims


def _check_times(claims: dict[str, Any], now: float, longest: int | None) -> None:
    expires, issued, begins = (_time(claims, name) for name in ("exp", "iat", "nbf"))
    if expires is None:
        raise _invalid("has no time of expiry")
    if expires <= now:
        raise _invalid("is expired")
    if begins is not None and begins > now:
        raise _invalid("is not valid yet")
    if longest is not None and (issued is None or expires - issued > longest):
        raise _invalid(f"is valid for more than {longest} seconds")


def _time(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _json(piece: str) -> dict[str, Any]:
    try:
        value = orjson.loads(_decoded(piece))
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise _invalid("is no signed JSON Web Token")
    return value


def _decoded(piece: str) -> bytes:
    try:
        return base64.b64decode(piece + "=" * (-len(piece) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        raise _invalid("is no signed JSON Web Token") from None


def _invalid(why: str) -> OAuthError:
    return OAuthError("invalid_grant", f"The assertion {why}")
