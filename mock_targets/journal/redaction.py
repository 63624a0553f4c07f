"""Redacts secrets before text is stored or shown: known values anywhere, and what stands under a name of a secret.

Every function costs time linear in its input: clients send these texts before they have shown any credentials.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

import orjson

REDACTED = "[redacted]"
_CREDENTIAL_HEADERS = frozenset({"authorization", "proxyauthorization", "cookie", "setcookie"})
"""Headers (without dashes) whose whole value is a credential, after the name of its scheme."""
_PARTS_OF_NAMES = ("password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "accesskey", "privatekey")
_WHOLE_NAMES = _CREDENTIAL_HEADERS | {
    *("sig", "signature", "credential", "credentials", "clientassertion", "assertion", "devicecode"),
    *("auth", "xauth", "jwt"),
}
_HARMLESS = re.compile("secretary|token(?:type|endpoint|url)")
"""Parts of names that hold the word of a secret and name none."""
_HINTS = "pass|secret|token|key|pwd|sig|cred|cookie|bearer|assertion|auth|jwt|device"
"""A text in lower case without any of these has no name of a secret in it."""
_HINT, _HINT_IN_BYTES = re.compile(_HINTS), re.compile(_HINTS.encode())
_NO_LETTERS = str.maketrans("", "", "-_. ")
_SEPARATORS = re.compile(r"([&;?])")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
# ASCII letters, and whatever lies beyond ASCII: some of that turns into ASCII in lower case.
_ESCAPED_LETTER = re.compile(r"%(?:[46][1-9a-f]|[57][0-9a]|[89a-f])")
_ESCAPE = re.compile(r"\\u00([0-7][0-9a-fA-F])")
# Of free text: a word, what leads from it to a value, and a value. Each is matched at one place and always ends.
_WORD = re.compile(r"[\w.%-]+")
_LEADS = re.compile(r"\\?[\"']?\s{0,8}(?:[=:]|=>)\s{0,8}|[\"'](?:\r?\n){2}")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)', re.DOTALL)
_NESTED = re.compile(r'\\"((?:[^"\\]|\\{3}"|\\[^"])*)', re.DOTALL)  # a string of JSON in a string of JSON
_SINGLE = re.compile(r"'([^'\r\n]*)")
_REST_OF_LINE = re.compile(r"([^\r\n\"'<>,]*)")
_BARE = re.compile(r"([^\s&;,<>\"'{}\[\]]*)")
_MARKUP = re.compile(r"[^<]*")
_SCHEMES = ("bearer", "basic")
_MESSAGES = frozenset({"detail", "message", "description", "error_description"})
"""Members of errors: they may quote what was sent."""
_LONGEST_TAG = 1024
_LONGEST_KEPT = 64
"""Characters of a name whose outcome is kept."""


def names_secret(name: str) -> bool:
    """Whether a value under this name (of a header, parameter, member or element) is a secret."""
    return _names_secret(name) if len(name) <= _LONGEST_KEPT else _names_secret.__wrapped__(name)


@lru_cache(maxsize=4096)
def _names_secret(name: str) -> bool:
    plain = _HARMLESS.sub("", name.lower().translate(_NO_LETTERS))
    return plain in _WHOLE_NAMES or any(part in plain for part in _PARTS_OF_NAMES)


def redact_headers(headers: Mapping[str, str], secrets: Iterable[str]) -> dict[str, str]:
    """Headers with credentials redacted; their scheme is kept."""
    known = tuple(secrets)
    return {
        name: _credential(value) if names_secret(name) else redact_text(value, known) for name, value in headers.items()
    }


def _credential(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {REDACTED}" if space and scheme.isalpha() else REDACTED


def redact_text(text: str, secrets: Iterable[str]) -> str:
    """A text (a path, a line of a log, a header) with known secrets and values under names of secrets redacted."""
    text = without(text, secrets)
    if "=" not in text and ":" not in text and " " not in text and "<" not in text:
        return text  # most paths and headers
    return _scan(text) if _is_hinted(text) else text


def _is_hinted(text: str) -> bool:
    return _HINT.search(text.lower()) is not None  # in lower case: a pattern that ignores case is several times slower


def without(text: str, secrets: Iterable[str]) -> str:
    """A text with known secrets redacted."""
    for secret in secrets:
        if secret in text:
            text = text.replace(secret, REDACTED)
    return text


def redact_query(query: str, secrets: Iterable[str]) -> str:
    """A query string or form with known secrets, secret parameters and filters about a secret attribute redacted."""
    if not query:
        return query
    known = tuple(secrets)
    return "".join(_parameter(part, known) for part in _SEPARATORS.split(without(query, known)))


def _parameter(part: str, secrets: tuple[str, ...]) -> str:
    name, equals, value = part.partition("=")
    if not equals:
        return name if "%" not in name or not _is_known(name, secrets) else REDACTED
    plain = unquote_plus(name).lower() if "%" in name else name.lower()
    if (
        names_secret(plain)
        or ("%" in value and _is_known(value, secrets))
        or (plain == "filter" and _may_compare_secret(value) and _compares_secret(unquote_plus(value)))
    ):
        value = REDACTED
    return name + equals + value


def _may_compare_secret(quoted: str) -> bool:
    """Whether a filter has to be unquoted: it may name a secret, or has letters written as escapes."""
    return _is_hinted(quoted) or _ESCAPED_LETTER.search(quoted.lower()) is not None


def _is_known(escaped: str, secrets: tuple[str, ...]) -> bool:
    plain = unquote_plus(escaped)
    return any(secret in plain for secret in secrets)


def _compares_secret(text: str) -> bool:
    """Whether a filter or a path is about a secret attribute, whatever the values in it are."""
    return _is_hinted(text) and any(map(names_secret, _WORD.findall(_QUOTED.sub(" ", text))))


def redact_body(body: bytes, secrets: Iterable[str]) -> bytes:
    """A body with known secrets redacted, and values under names of secrets: JSON, a form, XML, or any other text.

    Without any, it is returned byte for byte.
    """
    known = tuple(secrets)
    for secret in known:
        if (raw := secret.encode()) in body:
            body = body.replace(raw, REDACTED.encode())
    # An escape could spell the name of a secret.
    if b"\\u" not in body and b"%" not in body and _HINT_IN_BYTES.search(body.lower()) is None:
        return body
    try:
        value = orjson.loads(body)
        shown = _shown(value, known)
        return body if shown == value else in_its_size(orjson.dumps(shown))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError):
        return _redact_other(body, known)


def in_its_size(body: bytes) -> bytes:
    """The same bytes in memory of their own size: what an encoder returns may hold ten times as much."""
    return bytes(memoryview(body))


def _redact_other(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """A body that is not JSON, or broken JSON."""
    text = body.decode("utf-8", "surrogateescape")
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start not in ("{", "[", "<", '"', "-", "") and "=" in text[:256] and "\n" not in text.strip():
        shown = redact_query(text, secrets)
    else:
        plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "\\u00" in text else text
        members = ("value", "filter") if start in ("{", "[") else ()
        shown = _scan(without(plain, secrets), members) if _is_hinted(plain) else text
    return body if shown == text else shown.encode("utf-8", "surrogateescape")


def _scan(text: str, more: Iterable[str] = ()) -> str:
    """A text with the values redacted that follow a name of a secret, or one of `more`. No character is read twice."""
    pieces: list[str] = []
    done, at, length = 0, 0, len(text)
    while at < length:
        word = _WORD.search(text, at)
        if word is None:
            break
        at = word.end()
        found = _value_after(text, word, more)
        if found is not None:
            begin, end = found
            if end > begin and text[begin:end] != REDACTED:
                pieces += (text[done:begin], REDACTED)
                done = end
            at = max(at, end)
    return "".join((*pieces, text[done:])) if pieces else text


def _value_after(text: str, word: re.Match[str], more: Iterable[str]) -> tuple[int, int] | None:
    """Where the value lies that a word of a text gives a name to; None when it names no secret."""
    name, end = word[0].lower(), word.end()
    if name in _SCHEMES and text[end : end + 1] == " ":
        value = _BARE.match(text, end + 1)
        return value.span(1) if value and any(map(str.isdigit, value[0])) else None
    if not names_secret(unquote_plus(name)) and name not in more:
        return None
    if (content := _content_of_element(text, word.start(), end)) is not None:
        return content
    leads = _LEADS.match(text, end)
    if leads is None:
        return None
    bare = _REST_OF_LINE if name.translate(_NO_LETTERS) in _CREDENTIAL_HEADERS else _BARE
    pattern = {'"': _DOUBLE, "'": _SINGLE, "\\": _NESTED}.get(text[leads.end() : leads.end() + 1], bare)
    value = pattern.match(text, leads.end()) or bare.match(text, leads.end())
    return value.span(1) if value else None


def _content_of_element(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The content of an XML element (`<p:name a="b">content<`) whose name lies there; None when it is no element."""
    before = text[max(0, start - 64) : start]
    opening = before.rpartition("<")[2] if "<" in before else None
    if opening is None or (opening and not opening.endswith(":")) or opening.startswith("/"):
        return None
    close = text.find(">", end, end + _LONGEST_TAG)
    if close < 0 or text[close - 1] == "/":
        return None
    content = _MARKUP.match(text, close + 1)
    return (close + 1, content.end()) if content else None


def _shown(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return without(value, secrets)
    if isinstance(value, list):
        return [_shown(item, secrets) for item in value]
    if not isinstance(value, dict):
        return value
    path = next((part for key, part in value.items() if key.lower() == "path" and isinstance(part, str)), "")
    about_secret = bool(path) and _compares_secret(path)
    return {key: _member(key.lower(), part, secrets, about_secret=about_secret) for key, part in value.items()}


def _member(name: str, part: Any, secrets: tuple[str, ...], *, about_secret: bool) -> Any:
    if name in _MESSAGES and isinstance(part, str):
        return redact_text(part, secrets)
    if names_secret(name) or (name == "value" and about_secret):
        return _blotted(part)
    if name in ("filter", "path") and isinstance(part, str) and '"' in part and _compares_secret(part):
        return REDACTED
    return _shown(part, secrets)


def _blotted(value: Any) -> Any:
    """The value with each text and number in it redacted; true, false and null are no secrets."""
    if isinstance(value, dict):
        return {key: _blotted(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_blotted(item) for item in value]
    return value if value is None or isinstance(value, bool) else REDACTED
