"""The base class of JSON REST APIs: resources from attribute tables, behind routes of the usual kind.

A vendor of ordinary shape is a table for each resource and a subclass of `RestDialect`:

    USER = Table((Field("login", required=True, core="userName"), Field("password", mutability="writeOnly"), ...))

    class Store(RestDialect):
        resources = (Resource(kind="User", path="/people", table=USER, rows="people", filters=("login",)),)
        paging = PageTokens(size="limit", default=20, most=100, token="cursor", next="next_cursor")
        refusals_told = {**RestDialect.refusals_told, Conflict: lambda error, request: Refusal(409, "taken", "...")}

        def authenticate(self, request): ...
        def error_body(self, request, refusal): return {"error": refusal.code, "message": refusal.message}

The core mapping of its `TargetSpec` is drawn from the same tables (`rest.core_mapping.words_of`). The parts beside the
dialect: `attributes` (tables, checks, merging), `paging` (styles), `fields` (masks), `members` (members of a group as a
collection of its own), `batch` (multipart/mixed; other envelopes build on `run_part`), `versions` (entity tags),
`errors` (what is refused).

A request is read, worked out, announced and stored by the views in `resources`; they ask the dialect for what differs
between vendors: `find` (by which keys a resource is named), `search` (which query a list asks), `read` (what a body
changes), `prepare` (what is stored beside it), `render` and `list_body` (how it is shown).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Literal

from werkzeug.routing import Map

from provcheck.mock_targets.directory import Conflict, Document, NotFound, Record, UnknownMember
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_access
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.http.url_map import url_map
from provcheck.mock_targets.operations.context import Forbidden, Operations
from provcheck.mock_targets.operations.membership_changes import MembershipChanges, MembershipEdit
from provcheck.mock_targets.operations.write_service import Change, Service
from provcheck.mock_targets.query.compile import Filter, Readable, View, compile_query
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.finder import Sorter
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.query.tree import And, Comparison
from provcheck.mock_targets.rest.attributes import Table, merged
from provcheck.mock_targets.rest.errors import Invalid, Refusal, Refuse, refusal_of
from provcheck.mock_targets.rest.paging import Following, Paging
from provcheck.mock_targets.rest.resources import Resources
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of resource: where it is, its fields, and the member of a list that holds its rows.

    `filters` are query parameters of the list that name a field and the value that it must have, `indexes` map fields
    to the indexes of the directory that answer an equality, `paging` differs from the dialect's where it is given.
    """

    kind: str
    path: str
    table: Table
    rows: str
    filters: tuple[str, ...] = ()
    indexes: Mapping[str, str] = field(default_factory=dict)
    paging: Paging | None = None

    @property
    def word(self) -> str:
        """What the names of its operations begin with."""
        return self.kind.lower()


@dataclass(frozen=True, slots=True)
class Search:
    """What a list asks for: a filter, an order, or (`among`) the resources of which it is a list."""

    where: Filter | None = None
    sort: Sorter | None = None
    among: Sequence[Record] | None = None
    names: tuple[str, ...] = ()
    """The values that it looks for, by which faults and the journal know it."""


class RestDialect(HttpDialect):
    """The dialect of a JSON REST API; to be subclassed (see the module).

    `put` says whether a PUT replaces the resource or merges into it as a PATCH does. `created_status` is that of a
    create, `refusals_told` the refusal for each exception.
    """

    resources: ClassVar[tuple[Resource, ...]] = ()
    paging: ClassVar[Paging]
    put: ClassVar[Literal["replace", "merge"] | None] = "replace"
    created_status: ClassVar[int] = 201
    refusals = (Invalid, Refusal, BadQuery)
    refusals_told: ClassVar[Mapping[type[Exception], Refuse]] = {
        Invalid: lambda error, request: Refusal(400, "invalid", str(error)),
        BadQuery: lambda error, request: Refusal(400, "invalid_query", error.detail),
        NotFound: lambda error, request: Refusal(404, "not_found", "not found"),
        Conflict: lambda error, request: Refusal(409, "conflict", "the value is taken"),
        UnknownMember: lambda error, request: Refusal(400, "unknown_member", "there is no such member"),
        Forbidden: lambda error, request: Refusal(403, "forbidden", "not allowed", flag=error.flag),
        errors.TooManyRequests: lambda error, request: Refusal(
            429, "too_many_requests", "too many requests", headers={"Retry-After": str(error.retry_after)}
        ),
        errors.MethodNotAllowed: lambda error, request: Refusal(
            error.status, "method_not_allowed", error.detail, headers={"Allow": ", ".join(error.allowed)}
        ),
        errors.WireError: lambda error, request: Refusal(error.status, "refused", error.detail),
    }
    member_kinds: ClassVar[frozenset[str] | None] = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.resources and "list_view" not in cls.__dict__:
            first = cls.resources[0]
            filters = tuple(dict.fromkeys(name for each in cls.resources for name in each.filters))
            cls.list_view = (first.paging or cls.paging).view(first.rows, filters)

    def __init__(self, target: Target, api: Api) -> None:
        super().__init__(target, api)
        self.service = Service(
            on_unknown_member=self.unknown_member,
            describe=lambda member, extras: {"id": member, **extras},
            guard=self.guard,
            member_kinds=self.member_kinds,
        )
        self.views = Resources(self)
        self._lists = {f"{each.word}.list": self._view_of(each) for each in self.resources}

    def _view_of(self, resource: Resource) -> ListView | None:
        view = (resource.paging or self.paging).view(resource.rows, resource.filters)
        return view if self.list_view is None else replace(view, filters=self.list_view.filters or view.filters)

    def lists(self, request: Request) -> ListView | None:
        """The layout of the list that a request asks for."""
        return self._lists.get(request.operations.exchange.operation, self.list_view)

    def resource(self, kind: str) -> Resource:
        """The declaration of a kind of resource."""
        return next(each for each in self.resources if each.kind == kind)

    # routes

    def routes(self) -> Iterable[Route]:
        """List, create, read, change and delete every resource; a subclass adds its own."""
        for each in self.resources:
            yield from self.routes_of(each)

    def routes_of(self, resource: Resource) -> Iterable[Route]:
        """The usual routes of one resource."""
        word, at, views = resource.word, resource.path, self.views
        one = f"{at}/<id>"

        def of(view: Callable[[Request, Resource], Answer]) -> Callable[[Request], Answer]:
            return lambda request: view(request, self.offered(request, resource))

        yield Route("GET", at, f"{word}.list", of(views.list))
        yield Route("POST", at, f"{word}.create", of(views.create), writes=True)
        yield Route("GET", one, f"{word}.get", of(views.read))
        yield Route("PATCH", one, f"{word}.update", of(views.modify), writes=True)
        if self.put:
            yield Route("PUT", one, f"{word}.replace", of(views.replace), writes=True)
        yield Route("DELETE", one, f"{word}.delete", of(views.delete), writes=True)

    @cached_property
    def route_table(self) -> tuple[Map, Mapping[str, Route]]:
        """The URL map of the API and its routes by endpoint, by which the parts of a batch find their views."""
        routes = {f"{route.method} {route.rule}": route for route in self.routes()}
        rules = ((name, self.api.path + each.rule, each.method, self.strict_slashes) for name, each in routes.items())
        return url_map(*rules, merge_slashes=False), routes

    def offered(self, request: Request, resource: Resource) -> Resource:
        """Return the resource if the target offers it. Raises UnknownPath."""
        if resource.kind == "Group" and not request.behaviour.supports_groups:
            raise errors.UnknownPath(f"{request.path} does not exist")
        return resource

    # credentials and refusals

    def authenticate(self, request: Request) -> None:
        """The target's token, or one that it issued, as a bearer token. Raises Unauthorized and InsufficientScope."""
        if not holds_access(request):
            raise errors.Unauthorized("no valid token")

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal in the vendor's format."""
        refusal = refusal_of(self.refusals_told, error, request)
        if refusal.flag is not None:
            request.operations.exchange.refused_by = request.operations.exchange.refused_by or refusal.flag
        return Answer(refusal.status, self.error_body(request, refusal), refusal.headers)

    @abstractmethod
    def error_body(self, request: Request, refusal: Refusal) -> Any:
        """Return the body of a refusal."""

    # reading

    def paging_of(self, request: Request, resource: Resource) -> Paging:
        """Return the paging of a list."""
        return resource.paging or self.paging

    def find(self, request: Request, resource: Resource, key: str) -> Record:
        """Return the resource that a key of the URL names. Raises NotFound."""
        return request.target.directory.get(resource.kind, key)

    def search(self, request: Request, resource: Resource) -> Search:
        """Return what a list asks for: by default equalities, by query parameters. Raises Invalid and BadQuery."""
        given = {name: text for name in resource.filters if (text := request.argument(name)) is not None}
        if not given:
            return Search()
        query = And(tuple(Comparison(name, "eq", text) for name, text in given.items()))
        return Search(where=compile_query(query, resource.table), names=tuple(given.values()))

    def read(self, request: Request, resource: Resource, before: Record | None, *, replaces: bool = False) -> Change:
        """Return what a request makes of a resource (None: a new one). Raises Invalid and BadJson."""
        body = request.json()
        given = resource.table.read(body, creating=before is None)
        if before is None or replaces:
            kept = {name: value for name, value in self.kept(resource, before).items() if name not in given}
            document = {**kept, **merged({}, given)}
            if replaces:
                resource.table.read({**kept, **given}, creating=True)
        else:
            document = merged(before.document, given, keeps=lambda name: self.keeps(request, resource, name))
        return Change(self.prepare(request, resource, document, before), self.edits(request, resource, body))

    def kept(self, resource: Resource, before: Record | None) -> Document:
        """Return the fields that a PUT without them leaves: those that clients cannot write, or never see."""
        closed = {each.name for each in resource.table.fields if each.mutability != "readWrite"}
        document = before.document if before is not None else {}
        return {name: value for name, value in document.items() if name in closed}

    def keeps(self, request: Request, resource: Resource, name: str) -> bool:
        """Whether a null for a field changes nothing in a PATCH."""
        return False

    def prepare(self, request: Request, resource: Resource, document: Document, before: Record | None) -> Document:
        """Return the document to store: with what the target makes of it by itself. Raises what refuses it."""
        return document

    def edits(self, request: Request, resource: Resource, body: Any) -> Sequence[MembershipEdit]:
        """Return the changes of memberships that a body asks for."""
        return ()

    def unknown_member(self, operations: Operations, member_id: str) -> bool | None:
        """What becomes of a member that nothing has the id of: by default it is refused (UnknownMember)."""
        raise UnknownMember(member_id)

    def guard(
        self, operations: Operations, kind: str, id: str | None, document: Document, memberships: MembershipChanges
    ) -> None:
        """Take a last look, under the lock, at what is about to be stored; may raise a refusal."""

    def created(self, request: Request, record: Record) -> None:
        """What follows a create, such as a replication lag."""

    def check_delete(self, request: Request, record: Record) -> None:
        """Raise a refusal where a resource must not be deleted."""

    def deleted(self, request: Request, record: Record) -> None:
        """What follows a delete."""

    # showing

    def readable(self, request: Request, record: Record) -> Readable:
        """Return a resource as queries read it."""
        return View(record.document, id=lambda: record.id)

    def render(self, request: Request, resource: Resource, record: Record, *, listed: bool = False) -> Any:
        """Return a resource as an answer shows it."""
        secrets = resource.table.secrets
        return {"id": record.id} | {name: each for name, each in record.document.items() if name not in secrets}

    def render_new(self, request: Request, resource: Resource, record: Record) -> Any:
        """Return a resource as the answer to its create shows it."""
        return self.render(request, resource, record)

    def render_changed(self, request: Request, resource: Resource, record: Record) -> Answer:
        """Return the answer to a change of a resource."""
        return self.answer(request, resource, record, self.render(request, resource, record))

    def list_body(self, request: Request, resource: Resource, rows: list[Any], following: Following) -> Any:
        """Return the body of a list."""
        return {resource.rows: rows, **following.body}

    def answer(self, request: Request, resource: Resource, record: Record, body: Any, *, status: int = 200) -> Answer:
        """Return the answer that shows a resource; a subclass adds headers, or leaves fields out."""
        return Answer(status, body)
