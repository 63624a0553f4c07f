"""The contract on standard input and output: one JSON-RPC message a line.

Standard output belongs to the contract; whatever a person should read goes to standard error.
"""

from __future__ import annotations

import json
import sys
from typing import Any

METHOD_NOT_FOUND = -32601
FAILED = -32000


def serve(client: object) -> None:
    """Answer every request with the method of that name, one after the other, until the input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"jsonrpc": "2.0", "id": request["id"], **_answer(client, request["method"], request["params"])}
        print(json.dumps(answer), flush=True)
        if request["method"] == "close":
            return


def _answer(client: object, method: str, params: dict[str, Any]) -> dict[str, Any]:
    act = getattr(client, method, None)
    if act is None:
        return {"error": {"code": METHOD_NOT_FOUND, "message": f"there is no method {method}"}}
    try:
        return {"result": act(**params) or {}}
    except Exception as error:
        return {"error": {"code": FAILED, "message": repr(error)}}
