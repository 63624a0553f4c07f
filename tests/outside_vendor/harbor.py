"""A vendor as an outside package would bring it: SCIM at one path, a JSON REST API at another, one directory.

SCIM is the family's dialect with its optional parts left out by declaration; the REST API is written from scratch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Conflict, Document, NotFound, Record
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.codes import Codes
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.operations.write_service import Change, Service
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.scim.core_mapping import CORE_MAPPING
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.indexes import KINDS
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.flags import Flag, FlagValue
from provcheck.mock_targets.target.target import Target, TargetSpec

SOURCE = "made up for the tests"
PAGE_SIZE = Flag("people_per_page", 2, "How many people a page of the REST API has.", SOURCE, "integer")


CODES = Codes(
    told={NotFound: "not_found", Conflict: "taken", Forbidden: "forbidden", Exception: "refused"},
    statuses={403: "forbidden", 404: "not_found", 409: "taken"},
    flags={},
)


class HarborScim(ScimDialect):
    """SCIM without discovery, search, bulk and /Me; three switches of the family are left to the user."""

    flags = ("supports_etag", "supports_patch", "answers_group_patch_with_body")
    fixed: ClassVar[Mapping[str, FlagValue]] = {"default_page_size": 50, "supports_sort": False}
    offers = frozenset[str]()


class HarborRest(HttpDialect):
    """People and teams as plain JSON, a key in a header of its own, errors as {"error": {"code", "message"}}."""

    reads = (PAGE_SIZE,)
    flags = (PAGE_SIZE,)
    refusals = (KeyError,)
    list_view = ListView(rows="items", total="count", next="next", filters=("login",), page_parameter="page")

    def __init__(self, target: Target, api: Api) -> None:
        super().__init__(target, api)
        self.service = Service(on_unknown_member=lambda *_: False, describe=lambda member, _: {"value": member})

    def routes(self) -> Iterable[Route]:
        """People: list, create, read, change, delete. Teams: create, and their members one by one."""
        yield Route("GET", "/people", "user.list", self.list)
        yield Route("POST", "/people", "user.create", self.create, writes=True)
        yield Route("GET", "/people/<id>", "user.get", self.read)
        yield Route("PATCH", "/people/<id>", "user.update", self.change, writes=True)
        yield Route("DELETE", "/people/<id>", "user.delete", self.delete, writes=True)
        yield Route("POST", "/teams", "group.create", self.create_team, writes=True)
        yield Route("PUT", "/teams/<id>/people/<person>", "member.add", self.join, writes=True)

    def authenticate(self, request: Request) -> None:
        """The token in X-Harbor-Key. Raises Unauthorized."""
        if not holds_token(f"Bearer {request.header('X-Harbor-Key')}", self.target.token):
            raise errors.Unauthorized("no valid key")

    def error(self, request: Request, error: Exception) -> Answer:
        """Every refusal has a code in words."""
        refused, status = CODES.refusal(error, request)
        retry = {"Retry-After": str(error.retry_after)} if isinstance(error, errors.TooManyRequests) else {}
        return Answer(status, {"error": {"code": refused.code, "message": str(error)}}, retry)

    def list(self, request: Request) -> Answer:
        """A page of people, by login where one is asked for."""
        login, number, size = (
            request.argument("login"),
            request.argument("page") or "1",
            request.behaviour.people_per_page,
        )
        directory = self.target.directory
        request.operations.announce("user.list", kind="User", names=[login or ""])
        found = directory.find("User", "userName", login) if login else list(directory.all("User"))
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            raise errors.BadJson("page is a number")
        start = (max(1, int(number)) - 1) * size
        rows = [_shown(record) for record in found[start : start + size]]
        following = {"next": str(int(number) + 1)} if start + size < len(found) else {}
        return request.answer(200, {"items": rows, "count": len(found), **following})

    def create(self, request: Request) -> Answer:
        """A person; the login is unique."""
        record = self.service.create(request.operations, "User", Change(_document({}, _body(request, "login"))))
        return request.answer(201, _shown(record))

    def read(self, request: Request) -> Answer:
        """One person."""
        record = self.target.directory.get("User", request.params["id"])
        request.operations.announce("user.get", kind="User", id=record.id)
        return request.answer(200, _shown(record))

    def change(self, request: Request) -> Answer:
        """Some attributes of a person."""
        body = _body(request)
        changed = self.service.change(
            request.operations, "User", request.params["id"], lambda old: Change(_document(old.document, body))
        )
        return request.answer(200, _shown(changed))

    def delete(self, request: Request) -> Answer:
        """A person is gone."""
        self.service.delete(request.operations, "User", request.params["id"])
        return request.answer(204)

    def create_team(self, request: Request) -> Answer:
        """A team without members."""
        title = _body(request, "title")["title"]
        record = self.service.create(request.operations, "Group", Change({"displayName": title}))
        return request.answer(201, {"id": record.id, "title": title})

    def join(self, request: Request) -> Answer:
        """A person joins a team."""
        edit = MembershipEdit("add", (Member(request.params["person"]),))
        self.service.change(
            request.operations, "Group", request.params["id"], lambda old: Change(old.document, (edit,))
        )
        return request.answer(204)


def _body(request: Request, *needed: str) -> dict[str, Any]:
    body = request.json()
    if not isinstance(body, dict) or not all(isinstance(value, str | bool) for value in body.values()):
        raise errors.BadJson("the body is an object of texts and switches")
    for name in needed:
        if not isinstance(body.get(name), str) or not body[name]:
            raise errors.BadJson(f"{name} is required")
    return body


def _document(before: Document, body: Mapping[str, Any]) -> Document:
    words = {"login": "userName", "name": "displayName", "active": "active"}
    schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"]
    return {"schemas": schemas, **before, **{word: body[key] for key, word in words.items() if key in body}}


def _shown(record: Record) -> dict[str, Any]:
    document = record.document
    return {"id": record.id, "login": document["userName"], "name": document.get("displayName"),
            "active": document.get("active", True)}  # fmt: skip


TARGET = TargetSpec(
    name="harbor",
    title="Harbor, a store of the tests",
    source=SOURCE,
    apis=(
        Api(path="/scim/v2", dialect=HarborScim, label="base_url"),
        Api(path="/api/1", dialect=HarborRest, label="rest"),
    ),
    kinds=KINDS,
    core_mapping=CORE_MAPPING,
    new_id=lambda ids, kind: ids.uuid(),
    sample_path="/Users",
)
