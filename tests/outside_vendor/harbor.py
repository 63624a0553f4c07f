"""A vendor as an outside package would bring it: SCIM at one path, a JSON REST API at another, one directory.

SCIM is the family's dialect with its optional parts left out by declaration; the REST API is written from scratch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Conflict, NotFound, Record
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.rest.attributes import Field, Table
from provcheck.mock_targets.rest.dialect import Resource, RestDialect, Search
from provcheck.mock_targets.rest.errors import Invalid, Refusal, Refuse
from provcheck.mock_targets.rest.members import add_member
from provcheck.mock_targets.rest.paging import PageNumbers, Paging
from provcheck.mock_targets.scim.core_mapping import CORE_MAPPING
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.indexes import KINDS
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.flags import Flag, FlagValue
from provcheck.mock_targets.target.target import TargetSpec

SOURCE = "made up for the tests"
PAGE_SIZE = Flag("people_per_page", 2, "How many people a page of the REST API has.", SOURCE, "integer")

CODES = {NotFound: (404, "not_found"), Conflict: (409, "taken"), Forbidden: (403, "forbidden")}
WORDS = {"login": "userName", "name": "displayName", "active": "active", "title": "displayName"}
PERSON = Table((Field("login", required=True), Field("name"), Field("active", "boolean")))
TEAM = Table((Field("title", required=True),))


def _told(error: Exception, request: Request) -> Refusal:
    status, code = CODES[next(kind for kind in type(error).__mro__ if kind in CODES)]
    return Refusal(status, code, str(error), flag=getattr(error, "flag", None))


class HarborScim(ScimDialect):
    """SCIM without discovery, search, bulk and /Me; three switches of the family are left to the user."""

    flags = ("supports_etag", "supports_patch", "answers_group_patch_with_body")
    fixed: ClassVar[Mapping[str, FlagValue]] = {"default_page_size": 50, "supports_sort": False}
    offers = frozenset[str]()


class HarborRest(RestDialect):
    """People and teams as plain JSON, a key in a header of its own, errors as {"error": {"code", "message"}}."""

    reads = (PAGE_SIZE,)
    flags = (PAGE_SIZE,)
    put = None
    paging = PageNumbers(size=None, default=2, most=2, page="page", next="next", total="count", as_text=True)
    resources = (
        Resource(kind="User", path="/people", table=PERSON, rows="items", filters=("login",)),
        Resource(kind="Group", path="/teams", table=TEAM, rows="items"),
    )
    refusals_told: ClassVar[Mapping[type[Exception], Refuse]] = {
        **RestDialect.refusals_told,
        **dict.fromkeys(CODES, _told),
        Invalid: lambda error, request: Refusal(400, "refused", str(error)),
    }

    def routes(self) -> Iterable[Route]:
        """Of teams there are their creation and their members, one by one."""
        yield from (each for each in super().routes() if "/teams/" not in each.rule and each.operation != "group.list")
        yield Route("PUT", "/teams/<id>/people/<person>", "member.add", self.join, writes=True)

    def authenticate(self, request: Request) -> None:
        """The token in X-Harbor-Key. Raises Unauthorized."""
        if not holds_token(f"Bearer {request.header('X-Harbor-Key')}", self.target.token):
            raise errors.Unauthorized("no valid key")

    def error_body(self, request: Request, refusal: Refusal) -> Any:
        """Every refusal has a code in words."""
        return {"error": {"code": refusal.code, "message": refusal.message}}

    def paging_of(self, request: Request, resource: Resource) -> Paging:
        """The size of a page is a flag."""
        size = request.behaviour.people_per_page
        return replace(self.paging, default=size, most=size)

    def search(self, request: Request, resource: Resource) -> Search:
        """Logins have an index."""
        login = request.argument("login")
        found = self.target.directory.find("User", "userName", login) if login else None
        return Search(among=found, names=(login or "",))

    def read(self, request: Request, resource: Resource, before: Record | None, *, replaces: bool = False) -> Change:
        """The directory holds SCIM documents, which the other API shows."""
        given = resource.table.read(request.json(), creating=before is None)
        start = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "active": True}
        old = before.document if before else start if resource.kind == "User" else {}
        return Change({**old, **{WORDS[name]: value for name, value in given.items()}})

    def render(self, request: Request, resource: Resource, record: Record, *, listed: bool = False) -> Any:
        """The fields of the table, from a SCIM document."""
        shown = {each.name: record.document.get(WORDS[each.name]) for each in resource.table.fields}
        return {"id": record.id, **shown}

    def join(self, request: Request) -> Answer:
        """A person joins a team."""
        team = self.target.directory.get("Group", request.params["id"])
        add_member(request, self.service, team, request.params["person"])
        return Answer(204)


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
