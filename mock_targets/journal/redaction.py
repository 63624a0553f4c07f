"""Redacts secrets before they are stored: credentials in headers, passwords in bodies, tokens anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

import orjson

REDACTED = "[redacted]"
_SECRET_HEADERS = {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"}
# The value of a JSON member whose name marks a secret. Linear: no nested repetition.
_SECRET_MEMBER = re.compile(
    rb'("[A-Za-z_]*(?:password|secret|token)[A-Za-z_]*"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|-?[0-9][0-9.eE+-]*)',
    re.IGNORECASE | re.DOTALL,
)
_SECRET_PARAMETER = re.compile(r"((?:^|&)[^=&]*(?:token|secret|password)[^=&]*=)[^&]*", re.IGNORECASE)
# ASCII letters, and whatever lies beyond ASCII: some of that turns into ASCII in lower case.
_ESCAPED_LETTER = re.compile(r"%(?:[46][1-9a-f]|[57][0-9a]|[89a-f])")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_NAMES = ("password", "secret", "token")
_NAMES_IN_BYTES = tuple(name.encode() for name in _NAMES)


def redact_headers(headers: Mapping[str, str], secrets: Iterable[str]) -> dict[str, str]:
    """Headers with credentials redacted; their scheme is kept."""
    return {name: _header(name, value, secrets) for name, value in headers.items()}


def _header(name: str, value: str, secrets: Iterable[str]) -> str:
    if name.lower() not in _SECRET_HEADERS:
        return redact_text(value, secrets)
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {REDACTED}" if space else REDACTED


def redact_text(text: str, secrets: Iterable[str]) -> str:
    """A text with known secrets and the values of secret query parameters redacted."""
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, REDACTED)
    return _SECRET_PARAMETER.sub(rf"\1{REDACTED}", text) if "=" in text else text


def redact_query(query: str, secrets: Iterable[str]) -> str:
    """A query string with known secrets, secret parameters and filters about a secret attribute redacted."""
    text = redact_text(query, secrets)
    if "=" not in text:
        return text
    return "&".join(_parameter(*part.partition("=")) for part in text.split("&"))


def _parameter(name: str, equals: str, value: str) -> str:
    plain = unquote_plus(name).lower() if "%" in name else name.lower()
    is_secret = any(word in plain for word in _NAMES)
    if is_secret or (plain == "filter" and _may_compare_secret(value) and _compares_secret(unquote_plus(value))):
        value = REDACTED if equals else value
    return name + equals + value


def _may_compare_secret(quoted: str) -> bool:
    """Whether a filter has to be unquoted: it names a secret, or has letters written as escapes."""
    lowered = quoted.lower()
    return any(word in lowered for word in _NAMES) or _ESCAPED_LETTER.search(lowered) is not None


def _compares_secret(text: str) -> bool:
    """Whether a filter or a path is about a secret attribute, whatever the values in it are."""
    bare = _QUOTED.sub("", text).lower()
    return any(word in bare for word in _NAMES)


def redact_body(body: bytes, secrets: Iterable[str]) -> bytes:
    """A body with known secrets, and those in JSON members, PATCH operations and filters, redacted.

    Without any, it is returned byte for byte; one that is not JSON is searched as text.
    """
    for secret in secrets:
        if (raw := secret.encode()) in body:
            body = body.replace(raw, REDACTED.encode())
    if b"\\u" not in body:  # else an escape could spell the name of a secret
        lowered = body.lower()
        if not any(name in lowered for name in _NAMES_IN_BYTES):
            return body
    return _SECRET_MEMBER.sub(rb'\1"' + REDACTED.encode() + b'"', _redact_json(body))


def _redact_json(body: bytes) -> bytes:
    try:
        value = orjson.loads(body)
        shown = _shown(value)
        return body if shown == value else orjson.dumps(shown)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError):
        return body


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if not isinstance(value, dict):
        return value
    path = next((part for key, part in value.items() if key.lower() == "path" and isinstance(part, str)), "")
    return {key: _member(key.lower(), part, path) for key, part in value.items()}


def _member(name: str, part: Any, path: str) -> Any:
    if any(word in name for word in _NAMES) or (name == "value" and _compares_secret(path)):
        return _blotted(part)
    if name in ("filter", "path") and isinstance(part, str) and '"' in part and _compares_secret(part):
        return REDACTED
    return _shown(part)


def _blotted(value: Any) -> Any:
    """The value with each text and number in it redacted; true, false and null are no secrets."""
    if isinstance(value, dict):
        return {key: _blotted(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_blotted(item) for item in value]
    return value if value is None or isinstance(value, bool) else REDACTED
