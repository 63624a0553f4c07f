"""A small JSON REST API that is no SCIM: its own words, errors and lists, for what holds on any API.

Users are `{"login": ...}`, groups `{"title": ..., "member_ids": [...]}`; a list is `{"items": [...], "total": n,
"next": ...}`, asked for by page number at `/pages` and by token at `/tokens`, over one state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.directory import Conflict, IndexSpec, NotFound, Record, exact, folded
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.operations.write_service import Change, Service
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.core_mapping import At, CoreMapping, Words
from provcheck.mock_targets.target.target import TargetSpec

PAGE_SIZE = 2
WORDS = {"userName": "login", "displayName": "full_name", "members": "member_ids"}


class PagesDialect(HttpDialect):
    """Lists by page number."""

    words: ClassVar[Mapping[str, str]] = WORDS
    list_view = ListView(
        rows="items", total="total", filters=("login", "external_id", "title"), page_parameter="page", next="next"
    )

    def routes(self) -> Iterator[Route]:
        for kind, at in (("User", "/people"), ("Group", "/teams")):
            word, views = kind.lower(), Views(kind)
            yield Route("GET", at, f"{word}.list", views.list)
            yield Route("POST", at, f"{word}.create", views.create, writes=True)
            yield Route("GET", f"{at}/<id>", f"{word}.get", views.get)
            yield Route("PATCH", f"{at}/<id>", f"{word}.update", views.update, writes=True)
            yield Route("DELETE", f"{at}/<id>", f"{word}.delete", views.delete, writes=True)

    def authenticate(self, request: Request) -> None:
        if not holds_token(request.header("Authorization"), request.target.token):
            raise errors.Unauthorized("no token")

    def error(self, request: Request, error: Exception) -> Answer:
        status = {NotFound: 404, Conflict: 409, Forbidden: 403}.get(type(error)) or getattr(error, "status", 400)
        return Answer(status, {"error": {"code": f"E{status}", "message": str(error)}})

    def page(self, request: Request, found: list[Any]) -> dict[str, Any]:
        number = int(request.argument("page") or 1)
        rows = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        following = str(number + 1) if number * PAGE_SIZE < len(found) else None
        return {"items": rows, "total": len(found), "next": following}


class TokensDialect(PagesDialect):
    """Lists by token, without a total."""

    list_view = ListView(rows="items", filters=("login", "external_id", "title"), token_parameter="token", next="next")

    def page(self, request: Request, found: list[Any]) -> dict[str, Any]:
        start = int((request.argument("token") or "t0").removeprefix("t"))
        following = f"t{start + PAGE_SIZE}" if start + PAGE_SIZE < len(found) else None
        return {"items": found[start : start + PAGE_SIZE], "next": following}


def _shown_end(id: str, extras: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": id}


class Views:
    """What is done with resources of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.service = Service(on_unknown_member=lambda operations, member: None, describe=_shown_end)

    def list(self, request: Request) -> Answer:
        asked = {name: text for name in ("login", "external_id", "title") if (text := request.argument(name))}
        request.operations.announce(f"{self.kind.lower()}.list", kind=self.kind, names=tuple(asked.values()))
        found = [self.shown(request, record) for record in request.operations.directory.all(self.kind)]
        found = [row for row in found if all(row.get(name) == text for name, text in asked.items())]
        return request.answer(200, request.dialect.page(request, found))

    def get(self, request: Request) -> Answer:
        record = request.operations.directory.get(self.kind, request.params["id"])
        names = request.target.spec.core_mapping.names_of(record)
        request.operations.announce(f"{self.kind.lower()}.get", kind=self.kind, id=record.id, names=names)
        return request.answer(200, self.shown(request, record))

    def create(self, request: Request) -> Answer:
        change = self.read(request, {})
        if not change.document.get("login" if self.kind == "User" else "title"):
            raise errors.BadJson("a name is needed")
        record = self.service.create(request.operations, self.kind, change)
        location = f"{request.dialect.root}/{'people' if self.kind == 'User' else 'teams'}/{record.id}"
        return request.answer(201, self.shown(request, record), Location=location)

    def update(self, request: Request) -> Answer:
        record = self.service.change(
            request.operations, self.kind, request.params["id"], lambda record: self.read(request, record.document)
        )
        return request.answer(200, self.shown(request, record))

    def delete(self, request: Request) -> Answer:
        self.service.delete(request.operations, self.kind, request.params["id"])
        return request.answer(204)

    def read(self, request: Request, before: Mapping[str, Any]) -> Change:
        body = request.json()
        if not isinstance(body, dict):
            raise errors.BadJson("the body is an object")
        given = {name: value for name, value in body.items() if name not in ("member_ids", "add_members")}
        edits = [
            MembershipEdit(action, tuple(Member(id) for id in body[name]))
            for name, action in (("member_ids", "replace"), ("add_members", "add"))
            if name in body
        ]
        merged = {name: value for name, value in {**before, **given}.items() if value is not None}
        return Change(merged, edits)

    def shown(self, request: Request, record: Record) -> dict[str, Any]:
        members = {"member_ids": [*request.operations.directory.members(record.id)]} if self.kind == "Group" else {}
        return {"id": record.id, **record.document, **members}


SPEC = TargetSpec(
    name="rest",
    title="A REST store",
    source="made up",
    apis=(
        Api(path="/pages", dialect=PagesDialect, label="pages"),
        Api(path="/tokens", dialect=TokensDialect, label="tokens"),
    ),
    kinds={
        "User": (IndexSpec("login", lambda d: [d["login"]], key=folded, unique=True),),
        "Group": (IndexSpec("title", lambda d: [d["title"]], key=exact),),
    },
    core_mapping=CoreMapping(
        user=Words(
            {
                "userName": At(("login",)),
                "displayName": At(("full_name",)),
                "externalId": At(("external_id",)),
                "active": At(("active",), default=True),
            }
        ),
        group=Words({"displayName": At(("title",))}),
    ),
    new_id=lambda ids, kind: f"{kind[0]}{ids.code(6)}",
    token_prefix="rst-",
    sample_path="/people",
)


def make_environment(*labels: str, clock: VirtualClock) -> Environment:
    """An environment of this target alone, with some of its APIs or all."""
    spec = replace(SPEC, apis=tuple(api for api in SPEC.apis if not labels or api.label in labels))
    return Environment(specs=[spec], clock=clock, seed=1)
