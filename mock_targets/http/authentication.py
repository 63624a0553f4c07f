"""Checks credentials. Tokens are compared as bytes and in constant time; a wrong one is never echoed."""

from __future__ import annotations

import hmac
from collections.abc import Iterable


def holds_token(authorization: str | None, token: str, *, schemes: Iterable[str] = ("bearer",)) -> bool:
    """Whether an Authorization header carries the token under one of the schemes (compared without case)."""
    scheme, _, given = (authorization or "").partition(" ")
    right = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), token.encode())
    return right and scheme.lower() in schemes
