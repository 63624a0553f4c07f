"""Reads the files that users name: text in UTF-8, with or without a byte order mark, and JSON in it.

What is wrong is said in one line, in words that are not Python's.
"""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

MOST_BYTES = 512 * 1024 * 1024
"""Larger files are refused."""
MOST_DIGITS = 1000
"""Digits of the longest number that is read."""
MOST_LEVELS = 500
"""Levels of objects and lists in one another."""


class NotJson(ValueError):
    """A text is not JSON, or not JSON that can be read; the message is one line."""


def read_text(path: Path, error: type[ValueError]) -> str:
    """The text of a file. Raises `error` with one line that begins with the path."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise error(f"{path}: larger than {MOST_BYTES // 1024 // 1024} MB")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as failure:
        raise error(f"{path}: {failure.strerror or 'cannot be read'}") from None
    except UnicodeDecodeError as failure:
        raise error(f"{path}: is not UTF-8 text (byte {failure.start + 1})") from None
    except ValueError as failure:
        if isinstance(failure, error):
            raise
        raise error(f"{str(path)!r}: is not the name of a file") from None


def read_json(path: Path, error: type[ValueError]) -> Any:
    """The JSON in a file. Raises `error` with one line that begins with the path."""
    text = read_text(path, error)
    try:
        return parse_json(text)
    except NotJson as failure:
        raise error(f"{path}: {failure}") from None


def parse_json(text: str) -> Any:
    """The value of a JSON text (RFC 8259). Raises NotJson."""
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as failure:
        what = failure.msg[:1].lower() + failure.msg[1:]
        line = f"line {failure.lineno}, " if "\n" in text else ""
        raise NotJson(f"not JSON: {line}column {failure.colno}: {what}") from None
    except RecursionError:
        raise NotJson(_TOO_DEEP) from None
    if text.count("[") + text.count("{") > MOST_LEVELS:
        _check_levels(value)
    return value


_TOO_DEEP = f"not JSON that can be read: nested deeper than {MOST_LEVELS} levels"


def _check_levels(value: Any) -> None:
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [
            part
            for each in level
            for part in (each.values() if isinstance(each, dict) else each)
            if isinstance(part, dict | list)
        ]
        if not level:
            return
    raise NotJson(_TOO_DEEP)


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise NotJson(f"not JSON that can be read: a number of more than {MOST_DIGITS} digits")
    return int(text)


def _fraction(text: str) -> float:
    number = float(text) if len(text) <= MOST_DIGITS else _whole(text)
    if not isfinite(number):
        raise NotJson(f"not JSON that can be read: the number {text:.40} is out of range")
    return number


def _constant(name: str) -> NoReturn:
    raise NotJson(f"not JSON: {name} is not a number (RFC 8259, section 6)")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_fraction, parse_constant=_constant)
