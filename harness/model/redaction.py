"""Redacts secrets in what the harness shows or writes: known values anywhere, and what stands under a secret's name.

The targets redact their journals by themselves; this is for what a client says, for recordings of others, and for
errors. No character is read more than a few times, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote, unquote

REDACTED = "[redacted]"
SHORTEST = 4
"""Characters of a known value that is looked for; a shorter one would be found in every other word."""
_PARTS = ("password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "accesskey", "privatekey")
_LINES = frozenset(("authorization", "proxyauthorization", "cookie", "setcookie"))
"""Names whose value is the rest of the line."""
_WHOLE = _LINES | {
    *("sig", "signature", "credential", "credentials", "clientassertion", "assertion", "devicecode"),
    *("auth", "xauth", "jwt"),
}
_HARMLESS = re.compile("secretary|token(?:type|endpoint|url)")
"""Parts of names that hold the word of a secret and name none."""
_HINT = re.compile("pass|secret|token|key|pwd|sig|cred|cookie|bearer|assertion|auth|jwt|device|basic|%|\\\\u|@")
"""A text in lower case without any of these names no secret."""
_WORD = re.compile(r"[\w.%-]+")
_LEAD = re.compile(r"""\\*["']?\]?[ \t]{0,8}(?:=>|[=:])[ \t\r\n\[]{0,8}""")
_COMPARED = re.compile(r"(?:[ \t+]|%20){1,8}(?:eq|ne|co|sw|ew|gt|ge|lt|le)(?:[ \t+]|%20){1,8}(?:%22)?", re.IGNORECASE)
_PATH = re.compile(r"""path\\*["'][ \t]{0,8}:[ \t]{0,8}\\*["']([^"'\\]{0,200})""")
_USER_INFO = re.compile(r"(?<=://)[^/\s@]{1,256}(?=@)")
_TAG = re.compile(r"[^<>]{0,200}>")
_OPTION = re.compile(r"[ \t]{1,8}(?!-)")
_VALUES = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)', re.DOTALL),
    "\\": re.compile(r'\\{1,4}["\']((?:[^"\'\\]|\\(?!["\'\\])|\\{2,4}["\'])*)'),
    "'": re.compile(r"'([^'\r\n]*)"),
}
_BARE = re.compile(r"([^\s&;,<>\"'{}\[\]()]*)")
_REST = re.compile(r"([^\r\n\"'<>{}]*)")
_ELEMENT = re.compile(r"([^<]*)")
_SCHEMED = re.compile(r"[ \t]([A-Za-z0-9+/=._~-]{8,})")
_PROSE = re.compile(r"[a-z]{1,12}[.!?]?")
"""One word in lower case after the name of a secret and a colon: rather a sentence than a value."""
_NO_LETTERS = str.maketrans("", "", "-_. ")
_ESCAPED = re.compile(r"\\u00([2-7][0-9a-fA-F])")

Value = TypeVar("Value")
OURS = frozenset(("rule", "source", "fix", "claim", "check", "title", "level", "scenario", "profile", "expectation"))
"""Fields of events whose text is the harness's own."""


def names_secret(name: str) -> bool:
    """Whether a value under this name (of a header, parameter, member, element or option) is a secret."""
    plain = _HARMLESS.sub("", name.lower().translate(_NO_LETTERS))
    return plain in _WHOLE or any(part in plain for part in _PARTS)


class Redactor:
    """Redacts texts, and values with texts in them; `secrets` are values that are known to be secret."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._known: dict[str, None] = {}
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Look for these values as well from now on."""
        for secret in secrets:
            if len(secret) >= SHORTEST:
                self._known |= dict.fromkeys((secret, quote(secret, safe="")))

    def text(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._known:
            if secret in text:
                text = text.replace(secret, REDACTED)
        if _HINT.search(text.lower()) is None:
            return text
        text = _USER_INFO.sub(REDACTED, text)
        return _scan(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "\\u00" in text else text)

    def value(self, value: Value) -> Value:
        """A value (a text, a collection, a dataclass such as an event or a finding) without secrets."""
        return self._value(value)  # type: ignore[no-any-return]  # each kind of value becomes one of its kind

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
            return type(value)(map(self._value, value))
        if isinstance(value, dict):
            return {key: REDACTED if _is_secret(key, part) else self._value(part) for key, part in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            own = {each.name: getattr(value, each.name) for each in fields(value) if each.name not in OURS}
            new = {name: shown for name, part in own.items() if (shown := self._value(part)) is not part}
            changed = {name: shown for name, shown in new.items() if shown != own[name]}
            return replace(value, **changed) if changed else value
        return value


def _is_secret(key: object, part: object) -> bool:
    return isinstance(key, str) and isinstance(part, str) and bool(part) and names_secret(key)


def _scan(text: str) -> str:
    pieces: list[str] = []
    more = ("value",) if any(names_secret(path) for path in _PATH.findall(text)) else ()
    done = at = 0
    while (word := _WORD.search(text, at)) is not None:
        at = word.end()
        span = _value_after(text, word, more)
        if span is not None and span[1] > span[0]:
            pieces += (text[done : span[0]], REDACTED)
            done = span[1]
            at = max(at, done)
    return "".join((*pieces, text[done:])) if pieces else text


def _value_after(text: str, word: re.Match[str], more: tuple[str, ...]) -> tuple[int, int] | None:
    """Where the value lies that a word gives a name to; None if it names no secret, nor one of `more`, or has none."""
    end, name = word.end(), unquote(word[0]).lower()
    if '"' in name and names_secret(name.partition(" ")[0]):
        return word.span()  # a filter, as it stands in a URL
    if name in ("bearer", "basic") and (value := _SCHEMED.match(text, end)) and not _PROSE.fullmatch(value[1]):
        return value.span(1)
    if not names_secret(name) and name not in more:
        return None
    if text[max(0, word.start() - 1) : word.start()] in ("<", ":") and (tag := _TAG.match(text, end)):
        value = _ELEMENT.match(text, tag.end())
        return value.span(1) if value else None
    lead = (
        _LEAD.match(text, end)
        or _COMPARED.match(text, end)
        or (_OPTION.match(text, end) if name.startswith("--") else None)
    )
    if lead is None:
        return None
    plain = name.translate(_NO_LETTERS)
    bare = _REST if plain in _LINES else _BARE
    value = _VALUES.get(text[lead.end() : lead.end() + 1], bare).match(text, lead.end()) or bare.match(text, lead.end())
    if value is None or value[1] == REDACTED:
        return None
    is_prose = bare is _BARE and ":" in lead[0] and '"' not in lead[0] and _PROSE.fullmatch(value[1])
    return None if is_prose and not plain.startswith(("pass", "pwd")) else value.span(1)
