"""Makes requests of every kind that clients, broken ones and attackers send: routes, queries, headers and bodies.

Much of what is made is sound but for a detail, so that it gets far into a target; the rest is arbitrary.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

CORE, CORE_1 = "urn:ietf:params:scim:schemas:core:2.0:", "urn:scim:schemas:core:1.0"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
URNS = (
    *(CORE + "User", CORE + "Group", CORE_1, ENTERPRISE, "urn:scim:schemas:extension:enterprise:1.0", "urn:x"),
    *(MESSAGES + "PatchOp", MESSAGES + "BulkRequest", MESSAGES + "SearchRequest"),
    *("urn:scim:schemas:extension:slack:profile:1.0", "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"),
)
NAMES = (
    *("schemas", "id", "externalId", "userName", "active", "name", "givenName", "familyName", "displayName", "emails"),
    *("roles", "members", "groups", "value", "type", "primary", "$ref", "display", "meta", "attributes", "title"),
    *("Operations", "op", "path", "method", "bulkId", "data", "version", "failOnErrors", "filter", "count", "sortBy"),
    *("startIndex", "cursor", "excludedAttributes", "sortOrder", "manager", "password", "photos", "operation"),
    *("phoneNumbers", "addresses", "x509Certificates", "entitlements", "timezone", "nickName", "$", "", " ", *URNS),
)
PATHS = (
    *("userName", "name.givenName", "emails", 'emails[type eq "work"].value', "members", 'members[value eq "1"]'),
    *("emails[primary eq true]", "emails.value", f"{ENTERPRISE}:department", f"{ENTERPRISE}.manager", "active", "id"),
    *("members[", "name.", "[", "a.b.c.d", "members[not (value pr)].x", "emails[type eq 'work']", "schemas", "meta"),
)
FILTERS = (
    *('userName eq "ada"', "active eq true", 'emails[type eq "work" and value co "@"]', "title pr", "not (id pr)"),
    *('members.value eq "1"', 'meta.created gt "2020-01-01T00:00:00Z"', "userName eq", "(((", "a" * 40, "1 eq 1"),
    *('userName Eq "a" or userName sw "b" and (id pr or title pr)', "userName eq ada", 'password eq "x"', "]", '"'),
)
WORDS = (
    *("add", "remove", "replace", "Add", "POST", "PUT", "PATCH", "DELETE", "/Users", "/Groups/bulkId:q", "q", "True"),
    *("bulkId:q", "ada", "\ud800", "\x00", "é" * 20, "𝔘", "-1", "9" * 30, 'W/"1"', *URNS, *PATHS, *FILTERS),
)
NUMBERS = (0, 1, -1, 2, 2**31, 2**63, -(2**63), 10**30, 0.5, 1e308, -0.0, 1e-320)
HEADERS = (
    *("If-Match", "If-None-Match", "Accept", "Content-Type", "Prefer", "X-Request-Id", "Accept-Language", "Range"),
    *("Content-Encoding", "Expect", "Transfer-Encoding", "X-Forwarded-Host", "X-HTTP-Method-Override", "Cookie"),
)
VALUES = (
    *("*", '"1"', 'W/"1", "2"', "application/scim+json", "application/json; charset=latin-1", "text/xml", "*/*;q=0"),
    *("multipart/form-data; boundary=x", ";", ",,,", '"', "a" * 300, "\xff", "gzip", "bytes=0-1", "Basic Og=="),
)
LISTS = ("filter", "count", "startIndex", "cursor", "attributes", "excludedAttributes", "sortBy", "sortOrder", "x")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ODD_METHODS = ("HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "X")


@dataclass(frozen=True, slots=True)
class Made:
    """A request. `path` is not quoted."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class RequestMaker:
    """The same requests in the same order for the same seed. `routes` are pairs of method and rule (`/Users/<id>`)."""

    def __init__(self, seed: int, routes: Sequence[tuple[str, str]]) -> None:
        self.draw, self._routes = random.Random(seed), routes
        self.ids: list[str] = []
        """Ids of resources that exist, for routes and bodies."""

    def make(self) -> Made:
        """The next request."""
        draw = self.draw
        method, rule = draw.choice(self._routes)
        if draw.random() < 0.1:
            method = draw.choice((*METHODS, *ODD_METHODS))
        path = "/".join(self._segment(part) for part in rule.split("/"))
        if draw.random() < 0.08:
            path = self._bent(path)
        body = b"" if method in ("GET", "HEAD") and draw.random() < 0.95 else self._body(method, rule)
        return Made(method, path, self._query() if draw.random() < 0.4 else "", self._headers(), body)

    def _segment(self, part: str) -> str:
        if part not in ("<id>", "<name>"):
            return "acme" if part.startswith("<") else part
        return self._id() if self.draw.random() < 0.85 else self._word()

    def _id(self) -> str:
        return self.draw.choice(self.ids) if self.ids and self.draw.random() < 0.95 else "none"

    def _word(self) -> str:
        draw = self.draw
        if draw.random() < 0.7:
            return draw.choice((*WORDS, *self.ids[-3:]))
        most = draw.choice((128, 0x3000))
        return "".join(chr(draw.randrange(most)) for _ in range(draw.randrange(9)))

    def _bent(self, path: str) -> str:
        ends = [path + end for end in ("/", "//", ".scim", "\x00", "?x", "/" + self._word())]
        others = (path.replace("/", "//"), path.upper(), path[:-2], "/" + self._word(), "/../" + path, "")
        return self.draw.choice((*ends, *others))

    def _query(self) -> str:
        draw, parts = self.draw, []
        for _ in range(draw.randrange(1, 4)):
            value = draw.choice(FILTERS) if draw.random() < 0.4 else self._word()
            shown = quote(value, safe="", errors="surrogatepass") if draw.random() < 0.8 else value
            parts.append(f"{draw.choice(LISTS)}={shown}" if draw.random() < 0.95 else shown)
        return "&".join(parts).encode("utf-8", "replace").decode("latin-1")

    def _headers(self) -> dict[str, str]:
        draw = self.draw
        chosen = {draw.choice(HEADERS): draw.choice(VALUES) for _ in range(draw.choice((0, 0, 0, 0, 1, 2)))}
        return {"Content-Type": "application/scim+json", "User-Agent": "fuzz", **chosen}

    def _body(self, method: str, rule: str) -> bytes:
        draw = self.draw
        if draw.random() < 0.06:
            return bytes(draw.randrange(256) for _ in range(draw.randrange(60)))
        text = json.dumps(self._document(method, rule), ensure_ascii=draw.random() < 0.5)
        whole = text.encode("utf-8", "surrogatepass")
        if draw.random() < 0.06:
            at = draw.randrange(len(whole) + 1)
            broken = draw.choice((b"", b"\x00", b"}", b'"', b"NaN", b"\xff\xfe", b"[" * 5000))
            return whole[:at] + broken + whole[at + 1 :]
        return whole

    def _document(self, method: str, rule: str) -> Any:
        draw, sound = self.draw, {}
        kind = draw.random()
        if kind < 0.1:
            return self.value(0)
        name, some = f"fuzz{draw.randrange(60)}", range(draw.randrange(4))
        if method == "PATCH":
            sound = {"schemas": [MESSAGES + "PatchOp"], "Operations": [self._operation() for _ in some]}
        elif "Bulk" in rule or kind < 0.15:
            sound = {"schemas": [MESSAGES + "BulkRequest"], "Operations": [self._part() for _ in some]}
        elif "User" in rule or kind < 0.2:
            sound = {"schemas": [CORE_1 if "v1" in rule else CORE + "User"], "userName": name}
            sound |= {"emails": [{"value": f"{name}@example.com", "primary": True, "type": "work"}]}
            sound |= {"externalId": name, "displayName": name, "name": {"givenName": "Ada", "familyName": "Byron"}}
        else:
            members = [{"value": self._id(), **({"displayName": "x"} if draw.random() < 0.5 else {})}]
            sound = {"schemas": [CORE + "Group"], "displayName": name, "externalId": name, "members": members}
        for _ in range(draw.choice((0, 0, 0, 1, 1, 2, 4))):
            sound[draw.choice(NAMES)] = self.value(1)
        return sound

    def _operation(self) -> Any:
        draw = self.draw
        made: dict[str, Any] = {"op": draw.choice(WORDS[:4]) if draw.random() < 0.9 else self.value(2)}
        if draw.random() < 0.8:
            made["path"] = draw.choice(PATHS) if draw.random() < 0.9 else self.value(2)
        if draw.random() < 0.8:
            made["value"] = [{"value": self._id()}] if draw.random() < 0.3 else self.value(1)
        return made if draw.random() < 0.95 else self.value(1)

    def _part(self) -> Any:
        draw = self.draw
        path = draw.choice(("/Users", "/Groups", f"/Users/{self._id()}", f"/Groups/{self._id()}", "/Users/bulkId:q"))
        made = {
            "method": draw.choice(METHODS[1:]),
            "path": path,
            "data": self._document(draw.choice(METHODS[1:4]), path),
        }
        if draw.random() < 0.6:
            made["bulkId"] = draw.choice(("q", "r", "", self.value(2)))
        return made if draw.random() < 0.95 else self.value(1)

    def value(self, depth: int) -> Any:
        """Any JSON value."""
        draw, kind = self.draw, self.draw.random()
        if depth > 4 or kind < 0.55:
            return draw.choice((None, True, False, draw.choice(NUMBERS), self._word(), self._word(), self._id()))
        several = range(draw.randrange(5))
        if kind < 0.75:
            return [self.value(depth + 1) for _ in several]
        return {draw.choice(NAMES) if draw.random() < 0.9 else self._word(): self.value(depth + 1) for _ in several}
