"""Blots secrets out of what the journal keeps: credentials in headers, passwords in bodies, tokens anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

BLOT = "[redacted]"
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"}
# The value of a JSON member whose name speaks of a secret. Linear: no nested repetition.
_SECRET_MEMBER = re.compile(
    rb'("[A-Za-z_]*(?:password|secret|token)[A-Za-z_]*"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE | re.DOTALL
)
_SECRET_PARAMETER = re.compile(r"((?:^|&)[^=&]*(?:token|secret|password)[^=&]*=)[^&]*", re.IGNORECASE)
_HINTS = (b"password", b"secret", b"token")


def redact_headers(headers: Mapping[str, str], secrets: Iterable[str]) -> dict[str, str]:
    """Headers in which credentials keep their scheme and nothing else."""
    return {name: _header(name, value, secrets) for name, value in headers.items()}


def _header(name: str, value: str, secrets: Iterable[str]) -> str:
    if name.lower() not in _SECRET_HEADERS:
        return redact_text(value, secrets)
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {BLOT}" if space else BLOT


def redact_text(text: str, secrets: Iterable[str]) -> str:
    """A text without known secrets and without the values of secret query parameters."""
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, BLOT)
    return _SECRET_PARAMETER.sub(rf"\1{BLOT}", text) if "=" in text else text


def redact_body(body: bytes, secrets: Iterable[str]) -> bytes:
    """A body without known secrets and without the values of JSON members such as `password`."""
    for secret in secrets:
        if (raw := secret.encode()) in body:
            body = body.replace(raw, BLOT.encode())
    lowered = body.lower()
    if not any(hint in lowered for hint in _HINTS):
        return body
    return _SECRET_MEMBER.sub(rb'\1"' + BLOT.encode() + b'"', body)
