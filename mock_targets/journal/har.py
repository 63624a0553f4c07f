"""The journal as an HTTP Archive (HAR 1.2), which browsers' developer tools and many viewers open.

What HAR has no field for (operation, applied, faults) is in each entry under `_provcheck`: the format allows custom
fields with a leading underscore. A lost response has status 0, as in browsers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from provcheck.mock_targets.journal.journal import Exchange

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def as_har(exchanges: Iterable[Exchange], base_url: str) -> dict[str, Any]:
    """A HAR document; `base_url` is prepended to the path of each exchange."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "provcheck", "version": "1"},
            "entries": [_entry(exchange, base_url) for exchange in exchanges],
        }
    }


def _entry(exchange: Exchange, base_url: str) -> dict[str, Any]:
    took = round(exchange.duration * 1000, 3)
    connection = {} if exchange.connection is None else {"connection": str(exchange.connection)}
    return {
        "startedDateTime": exchange.at.isoformat(),
        "time": took,
        "request": _request(exchange, base_url),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        **connection,
        "_provcheck": {
            "seq": exchange.seq,
            "operation": exchange.operation,
            "applied": exchange.applied,
            "answer": exchange.answer,
            "faults": list(exchange.faults),
            "refused_by": exchange.refused_by,
        },
    }


def _request(exchange: Exchange, base_url: str) -> dict[str, Any]:
    query = f"?{exchange.query}" if exchange.query else ""
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": base_url + quote(exchange.path, safe="/:@!$&'()*+,;=~-._") + query,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.request_headers),
        "queryString": [
            {"name": name, "value": value} for name, value in parse_qsl(exchange.query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        request["postData"] = {
            "mimeType": _content_type(exchange.request_headers),
            "text": exchange.request_body.decode("utf-8", "replace"),
        }
    return request


def _response(exchange: Exchange) -> dict[str, Any]:
    status = exchange.status or 0
    return {
        "status": status,
        "statusText": _PHRASES.get(status, ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.response_headers),
        "content": {
            "size": len(exchange.response_body),
            "mimeType": _content_type(exchange.response_headers),
            "text": exchange.response_body.decode("utf-8", "replace"),
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": len(exchange.response_body),
    }


def _headers(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _content_type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")
