"""A small JSON REST API that is no SCIM: its own words, errors and lists, for what holds on any API.

Users are `{"login": ...}`, groups `{"title": ..., "member_ids": [...]}`; a list is `{"items": [...], "total": n,
"next": ...}`, asked for by page number at `/pages` and by token at `/tokens`, over one state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.directory import Conflict, IndexSpec, NotFound, exact, folded
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.rest.attributes import Field, Table
from provcheck.mock_targets.rest.core_mapping import words_of
from provcheck.mock_targets.rest.dialect import Resource, RestDialect
from provcheck.mock_targets.rest.errors import Refusal
from provcheck.mock_targets.rest.paging import PageNumbers, PageTokens
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.core_mapping import CoreMapping
from provcheck.mock_targets.target.target import TargetSpec

PAGE_SIZE = 2
WORDS = {"userName": "login", "displayName": "full_name", "members": "member_ids"}
USER = Table(
    (
        Field("login", required=True, core="userName"),
        Field("full_name", core="displayName"),
        Field("external_id", core="externalId", case_exact=True),
        Field("active", "boolean", core="active"),
    ),
    unknown="keep",
)
GROUP = Table((Field("title", required=True, core="displayName", case_exact=True),), unknown="keep")


class PagesDialect(RestDialect):
    """Lists by page number."""

    words: ClassVar[Mapping[str, str]] = WORDS
    put = None
    resources = (
        Resource(kind="User", path="/people", table=USER, rows="items", filters=("login", "external_id")),
        Resource(kind="Group", path="/teams", table=GROUP, rows="items", filters=("title", "external_id")),
    )
    paging = PageNumbers(size=None, default=PAGE_SIZE, most=PAGE_SIZE, page="page", next="next", total="total")

    def error_body(self, request, refusal):
        return {"error": {"code": f"E{refusal.status}", "message": refusal.message}}

    refusals_told = {
        **RestDialect.refusals_told,
        **dict.fromkeys((NotFound, Conflict), lambda error, request: Refusal(_STATUS[type(error)], "", str(error))),
        Forbidden: lambda error, request: Refusal(403, "", str(error), flag=error.flag),
    }

    def read(self, request, resource, before, *, replaces=False):
        change = super().read(request, resource, before, replaces=replaces)
        document = {name: value for name, value in change.document.items() if name not in ("member_ids", "add_members")}
        return replace(change, document=document)

    def edits(self, request, resource, body):
        actions = {"member_ids": "replace", "add_members": "add"}
        return [
            MembershipEdit(action, tuple(Member(id) for id in body[name]))
            for name, action in actions.items()
            if name in body
        ]

    def unknown_member(self, operations, member_id):
        return None

    def render(self, request, resource, record, *, listed=False):
        members = {"member_ids": [*request.operations.directory.members(record.id)]} if record.kind == "Group" else {}
        return {**super().render(request, resource, record), **members}

    def list_body(self, request, resource, rows, following):
        return {"items": rows, "next": None, **following.body}

    def answer(self, request, resource, record, body, *, status=200):
        location = {"Location": f"{self.root}{resource.path}/{record.id}"} if status == 201 else {}
        return Answer(status, body, location)


class TokensDialect(PagesDialect):
    """Lists by token, without a total."""

    paging = PageTokens(size=None, default=PAGE_SIZE, most=PAGE_SIZE, token="token", next="next")


_STATUS: Mapping[type[Any], int] = {NotFound: 404, Conflict: 409}

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
    core_mapping=CoreMapping(user=words_of(USER, defaults={"active": True}), group=words_of(GROUP)),
    new_id=lambda ids, kind: f"{kind[0]}{ids.code(6)}",
    token_prefix="rst-",
    sample_path="/people",
)


def make_environment(*labels: str, clock: VirtualClock) -> Environment:
    """An environment of this target alone, with some of its APIs or all."""
    spec = replace(SPEC, apis=tuple(api for api in SPEC.apis if not labels or api.label in labels))
    return Environment(specs=[spec], clock=clock, seed=1)
