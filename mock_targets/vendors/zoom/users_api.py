"""Zoom's users API (`/v2/users`) over the users that SCIM sees.

Source: developers.zoom.us/docs/api/users and github.com/zoom/api (openapi.v2.json); recorded answers decide what a user
shows. Not here: settings, assistants, schedulers, pictures, the e-mail address of a host key.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from zlib import crc32

from provcheck.mock_targets.directory import Conflict, Document, NotFound, Record
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.rest.attributes import Field, Table
from provcheck.mock_targets.rest.dialect import Resource, RestDialect, Search
from provcheck.mock_targets.rest.errors import Invalid, Refusal, Refuse
from provcheck.mock_targets.rest.paging import Following, Paging, read_number
from provcheck.mock_targets.vendors.zoom import access
from provcheck.mock_targets.vendors.zoom.flags import USERS_FLAGS
from provcheck.mock_targets.vendors.zoom.schemas import BASIC, CORE_MAPPING, LICENCES

SCOPES = ("user:read:admin", "user:write:admin", "user:master", "user:read", "user:write")
ACTIONS = ("create", "autoCreate", "custCreate", "ssoCreate")
_PENDING = "pending users"
"""Where the target remembers who has not accepted the invitation; the state ends with a reset."""
_TYPES = {1: BASIC, 2: LICENCES[1], 3: LICENCES[2]}
_TOKEN_LIFETIME = 900
"""Seconds for which a page token is good."""

USER = Table(
    (
        Field("email", required=True, format="email", max_length=128),
        Field("type", "integer", required=True),
        Field("first_name", max_length=64),
        Field("last_name", max_length=64),
        Field("password", mutability="writeOnly", max_length=31),
        Field("display_name", max_length=128),
        Field("dept", max_length=128),
        Field("job_title", max_length=128),
        Field("timezone", max_length=64),
        Field("language", max_length=16),
        Field("location", max_length=256),
    ),
)
_CORE = {
    "email": "email",
    "first_name": "givenName",
    "last_name": "familyName",
    "display_name": "displayName",
    "dept": "department",
    "job_title": "title",
    "timezone": "timezone",
    "language": "preferredLanguage",
}
"""Fields of the API that hold core words."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a list was asked for: status, position and size, from the query or from a token that holds all three."""

    status: str
    start: int
    size: int


class Pages(Paging):
    """Pages by token or by number: with a number there is no token. A token alone asks for the whole of its query."""

    def count(self, request: Request) -> int:
        """The rows of a page."""
        return page_of(request, self).size

    def start(self, request: Request, count: int) -> int:
        """The position that the token or the number names."""
        return page_of(request, self).start

    def following(self, request: Request, start: int, count: int, total: int) -> Following:
        """Counts of pages and rows, and the token of the next page ("" on the last one)."""
        body = {"page_count": -(-total // count), "page_number": start // count + 1, "page_size": count}
        body["total_records"] = total
        if request.argument("page_number") is not None:
            return Following(body, {})
        token = ""
        if start + count < total:
            token = _token(request, Page(page_of(request, self).status, start + count, count))
        return Following({**body, "next_page_token": token}, {})

    def view(self, rows: str, filters: tuple[str, ...] = ()) -> ListView:
        """See Paging."""
        return ListView(
            rows=rows,
            total="total_records",
            next="next_page_token",
            filters=filters,
            page_parameter="page_number",
            token_parameter="next_page_token",
        )


def page_of(request: Request, paging: Paging) -> Page:
    """The page that a list asks for. Raises Invalid."""
    token = request.argument("next_page_token")
    if token:
        return _page_in(request, token)
    text = request.argument("page_size")
    size = min(read_number("page_size", text, lowest=1), paging.most) if text else paging.default
    number = read_number("page_number", request.argument("page_number") or "1", lowest=1)
    status = request.argument("status") or "active"
    if status not in ("active", "inactive", "pending"):
        raise Invalid("status", "choice", status)
    return Page(status, (number - 1) * size, size)


def _token(request: Request, page: Page) -> str:
    said = json.dumps([page.status, page.start, page.size, int(request.target.clock.now().timestamp())])
    return base64.urlsafe_b64encode(f"{crc32(said.encode()):08x}{said}".encode()).decode().rstrip("=")


def _page_in(request: Request, token: str) -> Page:
    try:
        text = base64.urlsafe_b64decode(token[:200] + "=" * (-len(token[:200]) % 4)).decode("ascii")
    except ValueError:
        text = ""
    check, said = text[:8], text[8:]
    if not said or check != f"{crc32(said.encode()):08x}":
        raise Invalid("next_page_token", "format", token)
    status, start, size, made = json.loads(said)
    if request.target.clock.now().timestamp() - made > _TOKEN_LIFETIME:
        raise Invalid("next_page_token", "range", token)
    return Page(status, start, size)


class ZoomUsersDialect(RestDialect):
    """Users by id or e-mail address; a change is answered 204 without a body."""

    flags = USERS_FLAGS
    media_type = "application/json;charset=UTF-8"
    put = None
    paging = Pages(size="page_size", default=30, most=300, total="total_records")
    resources = (Resource(kind="User", path="/users", table=USER, rows="users", filters=("status",), indexes={}),)
    words: ClassVar[Mapping[str, str]] = {"userName": "email", "name.givenName": "first_name", "emails": "email"}
    refusals_told: ClassVar[Mapping[type[Exception], Refuse]] = {
        **RestDialect.refusals_told,
        Invalid: lambda error, request: Refusal(400, "300", f"Validation Failed. {error}"),
        errors.BadJson: lambda error, request: Refusal(400, "300", "Request Body should be a valid JSON object."),
        NotFound: lambda error, request: Refusal(404, "1001", f"User does not exist: {request.params.get('id', '')}."),
        Conflict: lambda error, request: Refusal(409, "1005", "User already in the account."),
        errors.Unauthorized: lambda error, request: Refusal(401, str(access.INVALID_TOKEN), error.detail),
        access.MissingScope: lambda error, request: Refusal(400, str(access.MISSING_SCOPE), error.detail),
        errors.TooManyRequests: lambda error, request: Refusal(
            429,
            str(access.TOO_MANY),
            "You have reached the maximum per-second rate limit for this API. Try again later.",
            headers=access.limit_headers("Medium"),
        ),
        errors.WireError: lambda error, request: Refusal(error.status, str(error.status), error.detail),
    }

    def routes(self) -> Iterable[Route]:
        """The usual routes of users, and the changes of status and address, which have routes of their own."""
        (users,) = self.resources
        yield Route("GET", "/users/email", "user.list", self.check_address)
        yield Route("PUT", "/users/<id>/status", "user.update", self.change_status, writes=True)
        yield Route("PUT", "/users/<id>/email", "user.update", self.change_address, writes=True)
        yield from self.routes_of(users)

    def authenticate(self, request: Request) -> None:
        """Raises Unauthorized and MissingScope."""
        access.check_access(request, SCOPES)

    def error_body(self, request: Request, refusal: Refusal) -> Any:
        """A code and a message."""
        return {"code": int(refusal.code) if refusal.code.isdigit() else refusal.status, "message": refusal.message}

    # reading

    def find(self, request: Request, resource: Resource, key: str) -> Record:
        """By id, by e-mail address, or as `me`, who is the oldest user (the owner). Raises NotFound."""
        if key == "me":
            key = next((each.id for each in request.target.directory.all("User")), key)
        if "@" in key:
            found = next(iter(request.target.directory.find("User", "userName", key)), None)
            if found is not None:
                return found
        return request.target.directory.get("User", key)

    def search(self, request: Request, resource: Resource) -> Search:
        """Those of one status, oldest first."""
        wanted, pending = page_of(request, self.paging).status, self._pending(request)
        every = request.target.directory.all("User")
        return Search(among=[each for each in every if _status(each, pending) == wanted])

    def read(self, request: Request, resource: Resource, before: Record | None, *, replaces: bool = False) -> Change:
        """What a body makes of a user: `user_info` of a create, single fields of a change. Raises Invalid."""
        body = request.json()
        if before is None:
            return self._new(request, body)
        given = USER.read(body, creating=False)
        changed = {name: value for name, value in given.items() if name not in ("email", "password")}
        return Change(self._written(request, changed, before.document))

    def _new(self, request: Request, body: Any) -> Change:
        if not isinstance(body, dict) or not isinstance(body.get("user_info"), dict):
            raise Invalid("user_info", "required")
        action = body.get("action")
        if action not in ACTIONS:
            raise Invalid("action", "choice", action)
        given = USER.read(body["user_info"], creating=True)
        if "password" in given and action != "autoCreate":
            raise Invalid("user_info.password", "unknown")
        core = {"userName": given["email"], "active": True}
        start = CORE_MAPPING.user.write(core)
        return Change(self._written(request, given, start))

    def _written(self, request: Request, given: Mapping[str, Any], document: Document) -> Document:
        core = {_CORE[name]: value for name, value in given.items() if name in _CORE}
        written: Document = CORE_MAPPING.user.write(core, document)
        if given.get("type") is not None:
            if given["type"] not in _TYPES:
                raise Invalid("type", "choice", given["type"])
            written = {**written, "userType": _TYPES[given["type"]]}
        if "email" in given:
            written = {**written, "userName": given["email"]}
        return written

    def created(self, request: Request, record: Record) -> None:
        """A user who was invited is pending until the invitation is accepted."""
        if request.json().get("action") == "create" and request.behaviour.invites_users:
            self._pending(request).add(record.id)

    # the routes of its own

    def check_address(self, request: Request) -> Answer:
        """Whether an address belongs to a user of the account."""
        address = request.argument("email") or ""
        request.operations.announce("user.list", kind="User", names=(address,))
        found = any(True for _ in request.target.directory.find("User", "userName", address))
        return Answer(200, {"existed_email": found})

    def change_status(self, request: Request) -> Answer:
        """PUT of a status: activate or deactivate. Raises Invalid and Refusal."""
        action = _member(request, "action", ("activate", "deactivate"))
        record = self._not_pending(request)

        def change(before: Record) -> Change:
            document = {**before.document, "active": action == "activate"}
            if action == "deactivate" and not request.behaviour.keeps_licence_of_disabled:
                document["userType"] = BASIC
            return Change(document)

        self.service.change(request.operations, "User", record.id, change)
        return Answer(204)

    def change_address(self, request: Request) -> Answer:
        """PUT of an e-mail address, which is the name to sign in with as well. Raises Invalid and Conflict."""
        given = USER.read({"email": _member(request, "email", ())}, creating=False)
        record = self._not_pending(request)
        self.service.change(
            request.operations, "User", record.id, lambda before: Change(self._written(request, given, before.document))
        )
        return Answer(204)

    def delete_user(self, request: Request) -> Answer:
        """DELETE: out of the account; who is pending can only be disassociated. Raises Invalid and Refusal."""
        (users,) = self.resources
        action = request.argument("action") or "disassociate"
        if action not in ("disassociate", "delete"):
            raise Invalid("action", "choice", action)
        if action == "delete":
            self._not_pending(request)
        record = self.find(request, users, request.params["id"])
        answer = self.views.delete(request, users)
        self._pending(request).discard(record.id)
        return answer

    def routes_of(self, resource: Resource) -> Iterable[Route]:
        """The usual ones; DELETE looks at its action first."""
        for each in super().routes_of(resource):
            yield replace(each, view=self.delete_user) if each.method == "DELETE" else each

    def _not_pending(self, request: Request) -> Record:
        (users,) = self.resources
        record = self.find(request, users, request.params["id"])
        if record.id in self._pending(request):
            raise Refusal(400, "1000", "The user is pending: this action is not allowed.", flag="invites_users")
        return record

    @staticmethod
    def _pending(request: Request) -> set[str]:
        pending: set[str] = request.target.memory.setdefault(_PENDING, set())
        return pending

    # showing

    def render(self, request: Request, resource: Resource, record: Record, *, listed: bool = False) -> Any:
        """A user: what is always there, and a department where one is set."""
        core = CORE_MAPPING.user.read(record.document)
        licence = record.document.get("userType")
        shown = {
            "id": record.id,
            "first_name": core.get("givenName", ""),
            "last_name": core.get("familyName", ""),
            "display_name": core.get("displayName") or _full_name(core),
            "email": core["userName"],
            "type": next((number for number, name in _TYPES.items() if name == licence), 1),
            "role_name": "Member",
            "pmi": crc32(record.id.encode()) % 9_000_000_000 + 1_000_000_000,
            "timezone": core.get("timezone", ""),
            "verified": 0 if record.id in self._pending(request) else 1,
            "created_at": _moment(record.created),
            "user_created_at": _moment(record.created),
            "last_login_time": _moment(record.created),
            "group_ids": [group.id for group in request.target.directory.groups(record.id)],
            "language": core.get("preferredLanguage", "en-US"),
            "phone_number": "",
            "status": _status(record, self._pending(request)),
            "role_id": "2",
        }
        own = {"dept": core.get("department"), "job_title": core.get("title")}
        return shown | {name: value for name, value in own.items() if value}

    def render_new(self, request: Request, resource: Resource, record: Record) -> Any:
        """The few fields of the answer to a create."""
        shown = self.render(request, resource, record)
        return {name: shown[name] for name in ("id", "email", "first_name", "last_name", "type")}

    def render_changed(self, request: Request, resource: Resource, record: Record) -> Answer:
        """204 without a body."""
        return Answer(204)


def _status(record: Record, pending: set[str]) -> str:
    if record.id in pending:
        return "pending"
    return "inactive" if record.document.get("active") is False else "active"


def _full_name(core: Mapping[str, Any]) -> str:
    return " ".join(core[word] for word in ("givenName", "familyName") if core.get(word))


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _member(request: Request, name: str, choices: tuple[str, ...]) -> str:
    body = request.json()
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str):
        raise Invalid(name, "required")
    if choices and value not in choices:
        raise Invalid(name, "choice", value)
    return value
