"""One secret, and every place where a client, a target or a recording can put it."""

from __future__ import annotations

import json
from typing import Any

SECRET = "Zq7Canary4Vx9"
NAMES = ("password", "client_secret", "refresh_token", "api_key", "sig", "pwd", "clientSecret", "private-token", "jwt")
HEADERS = ("Authorization", "X-Auth-Token", "X-Client-Secret", "Private-Token", "Api-Key", "Cookie", "X-Api-Key")
BODIES = (
    *(json.dumps({name: SECRET}) for name in NAMES),
    *("&".join(("grant_type=refresh_token", f"{name}={SECRET}", "x=1")) for name in NAMES),
    *(f"<user><{name}>{SECRET}</{name}></user>" for name in NAMES),
    f'<s:Envelope>\n<s:clientSecret a="b">{SECRET}</s:clientSecret>',
    f'{{"password": "{SECRET}',
    f'{{"passw\\u006frd": "{SECRET}"',
    f'{{"note": "{{\\"client_secret\\": \\"{SECRET}\\"}}", broken',
    f"{{'password': '{SECRET}'}}",
    json.dumps({"schemas": [], "Operations": [{"op": "replace", "path": "password", "value": SECRET}]}),
    json.dumps({"schemas": [], "filter": f'password eq "{SECRET}"'}),
)
QUERIES = (
    *(f"x=1&{name}={SECRET}" for name in NAMES),
    f"filter=password%20eq%20%22{SECRET}%22",
    f"filter=password+sw+%22{SECRET}%22",
    f"pass%77ord={SECRET}",
)
SAID = (
    *(f"{name}={SECRET}" for name in NAMES),
    *(f"{name}: {SECRET}" for name in HEADERS),
    *BODIES,
    *(f"GET /v2/Users?{query} failed" for query in QUERIES),
    f"Authorization: Bearer {SECRET}",
    f"curl -H 'Authorization: Bearer {SECRET}' --token {SECRET}",
    f"cannot reach https://ada:{SECRET}@example.com/",
)
"""Lines as programs write them: logs, stack traces, errors."""


def entries() -> list[dict[str, Any]]:
    """Exchanges of a recording, as another tool wrote them: with the secret in every place."""
    kept = [("POST", "/v2/Users", "", body, name) for body in BODIES for name in HEADERS[:2]]
    kept += [("GET", "/v2/Users", query, "", "Authorization") for query in QUERIES]
    kept += [("PATCH", f"/v2/Users/password={SECRET}", "", body, "Api-Key") for body in BODIES]
    return [
        {
            "seq": number,
            "at": f"2026-01-01T10:00:{number % 60:02d}+00:00",
            "method": method,
            "path": path,
            "query": query,
            "operation": "user.create",
            "status": 400,
            "request": {"headers": {header: SECRET, "Content-Type": "application/scim+json"}, "body": body},
            "response": {"headers": {"Set-Cookie": f"a={SECRET}"}, "body": body},
        }
        for number, (method, path, query, body, header) in enumerate(kept, start=1)
    ]
