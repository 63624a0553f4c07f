"""Reads recordings: HAR files, journals as JSON or JSON lines. Returns the exchanges by target.

A browser's HAR holds much that is no provisioning; only what looks like SCIM is kept.
"""

from __future__ import annotations

import base64
import re
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provcheck.harness.lint.exchange import VERSIONS, Exchange, read_exchange
from provcheck.harness.model.text_file import NotJson, parse_json, read_text


class BadRecording(ValueError):
    """The file cannot be read as a recording; the message is one line."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The exchanges with one target; `target` is its name where the file says it, else its base URL."""

    target: str
    exchanges: tuple[Exchange, ...]


def read_recording(path: str | Path, *, scim_only: bool = True, left_out: list[int] | None = None) -> list[Recording]:
    """The exchanges in a file, by target. Raises BadRecording (also when the file cannot be opened).

    Unless `scim_only`, whatever was asked of any server is returned. The numbers of entries whose URL is malformed, so
    that they have no target, are added to `left_out`.
    """
    skipped = [] if left_out is None else left_out
    return list(_sorted(_exchanges(_data(Path(path)), Path(path), skipped, scim_only=scim_only), Path(path)))


def _data(path: Path) -> Any:
    text = read_text(path, BadRecording)
    try:
        return parse_json(text)
    except NotJson as error:
        return _lines(text, path, error)


def _lines(text: str, path: Path, why: NotJson) -> list[Any]:
    """JSON lines; where the first line is none, the error is that of the whole file."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    is_named = path.suffix == ".jsonl"
    if len(lines) < 2 and not is_named:
        raise BadRecording(f"{path}: {why}") from None
    found = []
    for number, line in lines:
        try:
            found.append(parse_json(line))
        except NotJson as error:
            where = f"{path}, line {number}: {error}" if found or is_named else f"{path}: {why}"
            raise BadRecording(where) from None
    return found


def _exchanges(data: Any, path: Path, left_out: list[int], *, scim_only: bool) -> Iterator[tuple[str, Exchange]]:
    if isinstance(data, dict) and isinstance(data.get("log"), dict):
        entries = data["log"].get("entries")
        if not isinstance(entries, list):
            raise BadRecording(f"{path}: a HAR file has log.entries")
        found = _each(enumerate(entries, start=1), partial(_from_har, left_out), path)
        yield from (each for each in found if not scim_only or _is_scim(each[1]))
        return
    name = ""
    if isinstance(data, dict) and isinstance(data.get("exchanges"), list):
        name, data = str(data.get("target") or ""), data["exchanges"]
    if not isinstance(data, list):
        raise BadRecording(f"{path}: neither a HAR file nor a journal")
    for target, exchange in _each(enumerate(data, start=1), _from_journal, path):
        yield target or name, exchange


def _each(entries: Iterator[tuple[int, Any]], read: Any, path: Path) -> Iterator[tuple[str, Exchange]]:
    for number, entry in entries:
        try:
            found = read(number, entry)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BadRecording(f"{path}, entry {number}: {_told(error)}") from None
        if found is not None:
            yield found


def _told(error: Exception) -> str:
    """Return what is invalid in an entry, as one line."""
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return (
        str(error)
        if isinstance(error, ValueError)
        else "a part of it has another type than a HAR or a journal gives it"
    )


def _from_journal(number: int, entry: Mapping[str, Any]) -> tuple[str, Exchange]:
    return str(entry.get("target") or ""), read_exchange({"seq": number, **entry})


def _from_har(left_out: list[int], number: int, entry: Mapping[str, Any]) -> tuple[str, Exchange] | None:
    asked, answered, own = entry["request"], entry.get("response") or {}, entry.get("_provcheck") or {}
    try:
        url = urlsplit(str(asked["url"]))
    except ValueError:
        left_out.append(number)  # no server was reached by what is no URL
        return None
    exchange = read_exchange(
        {
            "seq": own.get("seq", number),
            "at": _time(entry.get("startedDateTime")),
            "method": asked["method"],
            "path": url.path or "/",
            "path_is_encoded": True,
            "query": url.query,
            "scheme": url.scheme,
            "host": url.netloc.rpartition("@")[2],
            "status": answered.get("status"),
            "duration_ms": max(0.0, float(entry.get("time") or 0)),
            "connection": entry.get("connection"),
            "request": {"headers": _headers(asked), "body": (asked.get("postData") or {}).get("text")},
            "response": {"headers": _headers(answered), "body": _content(answered)},
        }
    )
    return "", exchange


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    return {str(each["name"]): str(each.get("value", "")) for each in message.get("headers") or ()}


def _content(answered: Mapping[str, Any]) -> str:
    content = answered.get("content") or {}
    text = str(content.get("text") or "")
    if content.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (NotBase64, ValueError):
        return ""


def _is_scim(x: Exchange) -> bool:
    types = x.headers.get("content-type", "") + x.answer_headers.get("content-type", "")
    urns = "urn:ietf:params:scim:" in x.text + x.answer_text or "urn:scim:schemas:" in x.text + x.answer_text
    return x.method != "OPTIONS" and (
        "scim+json" in types or urns or (bool(x.resource) and "scim" in x.path.casefold())
    )


def _sorted(found: Iterator[tuple[str, Exchange]], path: Path) -> Iterator[Recording]:
    by_target: dict[str, list[Exchange]] = {}
    for name, exchange in found:
        by_target.setdefault(name or _base(exchange), []).append(exchange)
    if not by_target:
        raise BadRecording(f"{path}: no exchange with a SCIM target in it")
    for target, exchanges in by_target.items():
        yield Recording(target, tuple(_numbered(exchanges)))


def _numbered(exchanges: list[Exchange]) -> list[Exchange]:
    """In the order in which they were sent; numbers that are not unique are given anew."""
    timed = all(x.at is not None for x in exchanges)
    ordered = sorted(exchanges, key=lambda x: (x.at, x.number)) if timed else exchanges
    if len({x.number for x in ordered}) < len(ordered):
        ordered = [replace(x, number=place) for place, x in enumerate(ordered, start=1)]
    return ordered


def _base(x: Exchange) -> str:
    if not x.scheme:
        return ""
    parts = [part for part in x.prefix.split("/") if part.casefold() not in VERSIONS]
    return f"{x.scheme}://{x.host}{re.sub('/+', '/', '/'.join(parts))}"
