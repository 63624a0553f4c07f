"""Reads JSON strictly, writes it fast.

Python's reader takes NaN, 1e999, duplicate keys and lone surrogates without a word; a target that let them in would
fail later and elsewhere.
"""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

import orjson

from provcheck.mock_targets.http.errors import BadJson

MAX_DEPTH = 32
"""Maximum depth of nested objects and arrays, far above that of any provisioning message."""

MOST_DIGITS = 20
"""Characters of the longest whole number in range."""


def read(body: bytes) -> Any:
    """Parse a body. Raises BadJson with a reason."""
    try:
        text = body.decode("utf-8")
        value = _DECODER.decode(text.lstrip("\ufeff"))
        if "\\u" in text:
            orjson.dumps(value)  # a lone surrogate cannot be encoded
    except UnicodeDecodeError:
        raise BadJson("the body is not UTF-8") from None
    except RecursionError:
        raise BadJson("the body nests too deeply") from None
    except orjson.JSONEncodeError:
        raise BadJson("the body has a text that is not valid Unicode, or a number out of range") from None
    except json.JSONDecodeError as error:
        what = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise BadJson(f"the body is not valid JSON: line {error.lineno}, column {error.colno}: {what}") from None
    except ValueError as error:
        raise BadJson(f"the body is not valid JSON: {error}") from None
    if isinstance(value, dict | list) and body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    return value


def read_file(path: str | Path) -> Any:
    """Parse a file. Raises BadJson with one line that begins with its name."""
    try:
        return read(Path(path).read_bytes())
    except BadJson as error:
        raise BadJson(f"{path}: {error.detail.removeprefix('the body ')}") from None
    except OSError as error:
        raise BadJson(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise BadJson(f"{str(path)!r}: is not the name of a file") from None


def write(value: Any) -> bytes:
    """Encode a value as compact JSON."""
    return orjson.dumps(value)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for each in level
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise BadJson(f"the body nests more than {MAX_DEPTH} levels deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add
        raise ValueError(f"the key {twice!r} occurs twice in one object")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"the number {text[:40]} is out of range")
    return number


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS or not -(2**63) <= int(text) < 2**63:
        raise ValueError(f"the number {text[:40]} is out of range")
    return int(text)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_int=_whole, parse_constant=_constant)
