"""The envelope of a message: a JSON-RPC 2.0 object, sent as a line or as an HTTP body.

Source: JSON-RPC 2.0 Specification, sections 4 (Request object) and 5 (Response object).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from provcheck.harness.adapters.interface import BrokenContract, CallFailed
from provcheck.harness.contract import BadMessage, read_answer

MOST_BYTES = 16 * 1024 * 1024
"""Maximum length of an answer."""
_SHOWN = 120


def request(number: int, method: str, params: Mapping[str, Any]) -> bytes:
    """Return a request as one line, without a line break."""
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def result(number: int, method: str, raw: bytes) -> Any:
    """Return the result in the answer to a request. Raises BrokenContract and CallFailed."""
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        raise BrokenContract(f"{method} was answered with what is not JSON: {quoted(raw)}") from None
    try:
        answer = read_answer(message)
    except BadMessage as error:
        raise BrokenContract(f"{method} was answered with what is no answer ({error}): {quoted(raw)}") from None
    if answer.id != number:
        raise BrokenContract(f"{method} has the id {number}, and was answered with the id {answer.id}")
    if answer.error is not None:
        raise CallFailed(f"error {answer.error.code}: {answer.error.message}")
    return answer.result


def quoted(raw: bytes) -> str:
    """Return the beginning of an answer, escaped for one line."""
    text = raw.decode(errors="replace").strip()
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
