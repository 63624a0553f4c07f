"""Values that the real target made (ids, tags, URLs) and the ones that the mock made in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

_WORD = re.compile(r"([^\s\"'(),;=&?/<>\[\]{}]+)")
"""A part of a text that may be a value of its own: in a path, a filter, a URL or a message."""
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_FORMS = (
    ("GUID", re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")),
    ("number", re.compile(r"[0-9]{1,40}")),
    ("hexadecimal", re.compile(r"[0-9a-f]{8,128}")),
    ("weak tag", re.compile(r'W/"[^"]*"')),
    ("tag", re.compile(r'"[^"]*"')),
    ("URL", re.compile(r"https?://\S*")),
)
_FIXED = frozenset(
    ("scimtype", "code", "error", "errorcode", "kind", "reason", "status", "type", "resourcetype", "@odata.type")
)
"""Keys (folded) whose values are constants of a vendor, whatever they look like."""
LEAST = 5
"""Fewest characters of a text that may be generated."""


def form(text: str) -> str:
    """What a generated value looks like: `GUID`, `number`, a time with its digits as 9, or just `text`."""
    if _TIME.match(text):
        return "time " + re.sub(r"\d", "9", text)
    return next((name for name, pattern in _FORMS if pattern.fullmatch(text)), "text")


def is_generated(key: str, text: str) -> bool:
    """Whether a target may have made a value by itself, such as an id, a time or a tag, rather than by rule."""
    folded = key.casefold()
    if folded in _FIXED or any(each in text for each in " @\t\n") or text.startswith("urn:"):
        return False
    if folded.endswith("id") and folded != "externalid":
        return bool(text)
    return len(text) >= LEAST and (any(map(str.isdigit, text)) or text.startswith(("http://", "https://")))


class Translation:
    """Recorded value -> the mock's own; learnt from answers, used in the requests that follow."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._own = dict(values or {})
        self._recorded = {own: recorded for recorded, own in self._own.items()}

    def learn(self, recorded: str, own: str) -> bool:
        """Note that one value stands for another. Return False if either stands for something else already."""
        if recorded in self._own or own in self._recorded:
            return self._own.get(recorded) == own
        self._own[recorded], self._recorded[own] = own, recorded
        return True

    def knows(self, recorded: str) -> bool:
        """Whether a recorded value stands for another one."""
        return recorded in self._own

    def text(self, text: str) -> str:
        """A text of the recording in the mock's own values; words are looked up one by one."""
        if text in self._own:
            return self._own[text]
        return _WORD.sub(self._one, text) if self._own else text

    def _one(self, match: re.Match[str]) -> str:
        word = match[1]
        if word in self._own:
            return self._own[word]
        plain = unquote(word) if "%" in word else word
        return quote(self._own[plain], safe="") if plain in self._own else word

    def value(self, value: Any) -> Any:
        """A JSON value of the recording in the mock's own values."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(each) for each in value]
        return {self.text(key): self.value(each) for key, each in value.items()} if isinstance(value, dict) else value


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
