"""Checks credentials. Tokens are compared as bytes and in constant time; a wrong one is never echoed."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable


def holds_token(authorization: str | None, token: str, *, schemes: Iterable[str] = ("bearer",)) -> bool:
    """Return True if an Authorization header has the token, with one of the schemes (ignoring case)."""
    scheme, _, given = (authorization or "").partition(" ")
    right = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), token.encode())
    return right and scheme.lower() in schemes


def basic_password(header: str | None) -> str:
    """Return the password in a Basic Authorization header (RFC 7617); empty if there is none."""
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
