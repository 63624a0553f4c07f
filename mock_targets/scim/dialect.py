"""SCIM 2.0 as a dialect made to be subclassed: a vendor is a subclass with its flags, and the methods that differ.

Everything that is read from flags is worked out once for each set of values and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, ClassVar
from urllib.parse import quote

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_access, holds_basic
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipChanges, NothingSelected
from provcheck.mock_targets.operations.write_service import Change, Service
from provcheck.mock_targets.query.compile import Filter
from provcheck.mock_targets.query.finder import Finder, ViewOf
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.scim import limits, messages
from provcheck.mock_targets.scim.catalog import Catalog, CustomExtension, make_catalog, standard_catalog
from provcheck.mock_targets.scim.demands import (
    check_body,
    check_change,
    check_group_name,
    check_group_size,
    inactive_namesake,
)
from provcheck.mock_targets.scim.document_editor import DocumentEditor
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidValue, NotFound, ScimError
from provcheck.mock_targets.scim.facts import ScimFacts
from provcheck.mock_targets.scim.filter import compile_filter, grammar_of, qualified
from provcheck.mock_targets.scim.flags import SCIM_FLAGS, leniency_of
from provcheck.mock_targets.scim.grammar import Grammar
from provcheck.mock_targets.scim.indexes import FILTERED, INDEXES, searchable
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.list_view import SCIM_LIST_VIEW
from provcheck.mock_targets.scim.patch import read_operations
from provcheck.mock_targets.scim.paths import Operation
from provcheck.mock_targets.scim.project import Projection, compile_projection
from provcheck.mock_targets.scim.render import Renderer
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.search import EVERYTHING, PARAMETERS, Search, from_query
from provcheck.mock_targets.scim.validate import Incoming, read_resource
from provcheck.mock_targets.scim.write_rules import WriteRule, settled
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.flags import Behaviour, Flag
from provcheck.mock_targets.target.target import Target


@dataclass(frozen=True, slots=True)
class Rules:
    """What follows from the flags alone: the schemas, what is accepted beyond the RFC, the kinds there are, and what
    happens to single attributes of a kind when they are written."""

    catalog: Catalog
    leniency: Leniency
    kinds: tuple[str, ...]
    writes: Mapping[str, Mapping[str, WriteRule]]


class ScimDialect(HttpDialect):
    """A service provider of SCIM 2.0 (RFC 7643, RFC 7644). Made to be subclassed.

    `endpoints` names the endpoint of each kind of resource. `offers` says which optional parts there are: `discovery`
    (RFC 7644 section 4), `search` (POST .search and queries at the root), `bulk` (section 3.7) and `me` (section 3.11).
    `parameters` are the query parameters that are read; others are passed over. `list_urn` is the schema of a list,
    `deleted` the status of a DELETE that was done (of each kind, where they differ); with `sends_location` the answer
    to a create has a Location header. `version` is the version of SCIM as its URL names it (section 3.13). `indexes`
    say which index of the directory answers an equality on which attribute of a kind. Filters are read by the
    `grammar`; None: as the leniency has it.
    `prefixes` are what the names of operations on a kind begin with, where that is not the kind itself. `member_kinds`
    are the kinds that groups may have as members; None: any. With `removes_disabled` a user who is turned off is
    removed, and the answer shows what it was.

    `own_catalog` has the schemas of a vendor's own (None: those of RFC 7643); `editors` change documents of a kind
    operation by operation, where a vendor has one of its own; `writes` are the rules of single attributes of a kind.
    `discovery` makes the views of the discovery endpoints. `list_layout` is the order in which a list is laid out.
    `filtered` are the attributes that filters on a kind may name where (by a flag) not all can be; `computed` are
    attributes that filters know beside the document. With `passes_over_numbers` a page number that cannot be read
    counts as not given. `reference` shows the other end of a membership, where that is not done as in RFC 7643.
    """

    reads: ClassVar[tuple[Flag, ...]] = SCIM_FLAGS
    flags: ClassVar[tuple[Flag | str, ...]] = SCIM_FLAGS
    media_type: ClassVar[str] = "application/scim+json"
    refusals: ClassVar[tuple[type[Exception], ...]] = (ScimError, NothingSelected)
    list_view: ClassVar[ListView | None] = SCIM_LIST_VIEW
    own: ClassVar[frozenset[str]] = frozenset(("schemas", "id", "meta"))
    has_patch_operations: ClassVar[bool] = True
    version: ClassVar[str] = "v2"
    endpoints: ClassVar[Mapping[str, str]] = {"User": "Users", "Group": "Groups"}
    offers: ClassVar[frozenset[str]] = frozenset({"discovery", "search", "bulk", "me"})
    parameters: ClassVar[tuple[str, ...]] = PARAMETERS
    list_urn: ClassVar[str] = messages.LIST_URN
    deleted: ClassVar[int | Mapping[str, int]] = 204
    sends_location: ClassVar[bool] = True
    indexes: ClassVar[Mapping[str, Mapping[str, str]]] = INDEXES
    prefixes: ClassVar[Mapping[str, str]] = {}
    extensions: ClassVar[tuple[CustomExtension, ...]] = ()
    member_kinds: ClassVar[frozenset[str] | None] = None
    removes_disabled: ClassVar[bool] = False
    grammar: ClassVar[Grammar | None] = None
    own_catalog: ClassVar[Catalog | None] = None
    discovery: ClassVar[type[Any] | None] = None
    list_layout: ClassVar[tuple[str, ...]] = ("schemas", "totalResults", "itemsPerPage", "startIndex", "Resources")
    writes: ClassVar[Mapping[str, Mapping[str, WriteRule]]] = {}
    filtered: ClassVar[Mapping[str, Collection[str]]] = FILTERED
    editors: ClassVar[Mapping[str, type[DocumentEditor]]] = {}
    computed: ClassVar[Mapping[str, Callable[[Record], Any]]] = {}
    passes_over_numbers: ClassVar[bool] = False
    reference: Callable[[Record, Behaviour], Json] | None = None

    def __init__(self, target: Target, api: Api) -> None:
        super().__init__(target, api)
        self.service = Service(
            on_unknown_member=self.keeps_unknown_member,
            describe=lambda *end: self._renderer(self.root, self.settings()).end(*end),
            guard=self.before_store,
            after=self.after_store,
            prefix=self.prefix,
            member_kinds=self.member_kinds,
            removes_disabled=self.removes_disabled,
        )
        self.rules_of = lru_cache(maxsize=64)(self._rules)
        own = self.extensions
        self._catalog = (
            cache(lambda style: make_catalog(membership_style=style, extensions=own)) if own else standard_catalog
        )
        self._indexes = {kind: {**self.indexes[kind], **searchable(own, kind)} for kind in self.indexes}
        self._renderer = lru_cache(maxsize=64)(self._make_renderer)  # roots may come from URLs

    # What the flags come to.

    def rules(self, request: Request) -> Rules:
        """What follows from the flags at the moment of a request."""
        return self.rules_of(request.behaviour)

    def _rules(self, behaviour: Behaviour) -> Rules:
        kinds = tuple(kind for kind in self.endpoints if kind != "Group" or behaviour.supports_groups)
        rules = self.write_rules(behaviour)
        writes = {kind: {name: rule.under(behaviour) for name, rule in own.items()} for kind, own in rules.items()}
        return Rules(self.catalog(behaviour), self.leniency(behaviour), kinds, writes)

    def catalog(self, behaviour: Behaviour) -> Catalog:
        """The schemas of the resources."""
        return self.own_catalog or self._catalog(behaviour.membership_style)

    def write_rules(self, behaviour: Behaviour) -> Mapping[str, Mapping[str, WriteRule]]:
        """What happens to single attributes of a kind when they are written."""
        return {**limits.write_rules(behaviour), **self.writes}

    def leniency(self, behaviour: Behaviour) -> Leniency:
        """What is accepted beyond the RFC."""
        return leniency_of(behaviour)

    def schema(self, request: Request, kind: str) -> ResourceSchema:
        """The schema of a kind. Raises NotFound when the target has no such resources at the moment."""
        rules = self.rules(request)
        if kind not in rules.kinds:
            raise NotFound(f"{request.path} does not exist", flag="supports_groups")
        return rules.catalog.schemas[kind]

    # How requests are read.

    def routes(self) -> Iterable[Route]:
        """Every route of RFC 7644 section 3.2 that is offered."""
        from provcheck.mock_targets.scim.routes import routes  # the views are built on this class

        return routes(self)

    def authenticate(self, request: Request) -> None:
        """Raises Unauthorized unless the request carries the credentials that the target asks for."""
        method = request.behaviour.authentication
        if method == "none" or limits.is_public(request):
            return
        if (method != "bearer" and holds_basic(request)) or (method != "basic" and holds_access(request)):
            return
        raise errors.Unauthorized("Authorization failure. The authorization header is invalid or missing.")

    def facts(self, request: Request) -> ScimFacts:
        """What a request says, for faults that are meant for some requests only."""
        return ScimFacts(request)

    def query(self, request: Request) -> Search:
        """What the URL asks for. Raises InvalidValue."""
        parameters = limits.parameters_read(request.behaviour, self.parameters)
        return from_query(request, parameters, passes_over_numbers=self.passes_over_numbers)

    def parse_filter(self, request: Request, text: str, schema: ResourceSchema) -> Filter:
        """A filter on resources of a kind. Raises InvalidFilter and Sensitive."""
        leniency = self.rules(request).leniency
        strict, grammar = not leniency.ignores_unknown_attributes, self.grammar or grammar_of(leniency)
        rename = self.renames or (qualified if leniency.short_extension_names else None)
        found = compile_filter(text, schema, strict=strict, grammar=grammar, rename=rename)
        known = self.filtered[schema.kind]
        if not request.behaviour.filters_on_any_attribute and not (found.names | found.unknown).issubset(known):
            raise InvalidFilter(f"filters are on {', '.join(sorted(known))} alone", flag="filters_on_any_attribute")
        return found

    renames: Callable[[str, ResourceSchema], str] | None = None
    """Turns the path of an attribute as a client gives it into that of the schema."""

    def attribute(self, name: str, schema: ResourceSchema) -> str:
        """The path of an attribute as a client gives it (in `attributes`, `sortBy`), as the schema has it."""
        return name if self.renames is None else self.renames(name, schema)

    def read_message(self, request: Request) -> Any:
        """The body, as far as it can be checked whatever the resource. Raises BadJson and other refusals."""
        return request.json()

    def read_body(self, request: Request, kind: str, record: Record | None) -> Change:
        """What a body of POST (record None) or PUT asks for. Raises InvalidSyntax, InvalidValue and Mutability."""
        schema, current = self.schema(request, kind), record.document if record else None
        check_body(request, kind, request.json())
        incoming = self.read_resource(request.json(), schema, current=current, leniency=self.rules(request).leniency)
        return incoming.change(empties=record is not None and schema.relation == "members")

    def read_resource(
        self, body: object, schema: ResourceSchema, *, current: Document | None, leniency: Leniency
    ) -> Incoming:
        """A whole resource as a client sends it. Raises InvalidSyntax, InvalidValue and Mutability."""
        return read_resource(body, schema, current=current, leniency=leniency)

    def read_patch(self, request: Request, kind: str, record: Record) -> Change:
        """What a body of PATCH asks for. Raises the errors of RFC 7644 section 3.5.2."""
        schema = self.schema_for(request, record)
        return self.editor(request, schema, record.document).carry_out(self.patch_operations(request, schema))

    def editor(self, request: Request, schema: ResourceSchema, document: Document) -> DocumentEditor:
        """What changes a document operation by operation; it passes over what the write rules ignore."""
        rules = self.rules(request)
        editor = self.editors.get(schema.kind, DocumentEditor)(document, schema, rules.leniency, request.behaviour)
        is_new = document.keys() == {"schemas"}
        writes = rules.writes.get(schema.kind, {}).items()
        editor.passes_over = {name for name, rule in writes if (rule.create if is_new else rule.update) == "ignored"}
        return editor

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """The operations of a body of PATCH that have an effect; may raise a refusal."""
        return read_operations(request.json(), schema, leniency=self.rules(request).leniency)

    def schema_for(self, request: Request, record: Record) -> ResourceSchema:
        """The schema by which a resource that is there is changed."""
        return self.schema(request, record.kind)

    # What is kept, and what can be seen.

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """A change as this target takes it. Raises InvalidValue, PayloadTooLarge and what the write rules raise."""
        limits.check_members(request, change.edits)
        check_change(request, kind, change.document, change.edits, before)
        rules = self.rules(request).writes.get(kind)
        if not rules:
            return change
        return Change(settled(rules, before.document if before else None, change.document), change.edits)

    def create(self, request: Request, kind: str, change: Change) -> Record:
        """Make a new resource. Raises Conflict, Forbidden, and what the checks before storing raise."""
        sleeper = inactive_namesake(request, kind, change.document)
        if sleeper is not None:
            active = Change({"active": True, **change.document}, change.edits)
            return self.service.change(request.operations, kind, sleeper.id, lambda _: active)
        return self.service.create(request.operations, kind, change)

    def may_delete(self, request: Request, record: Record) -> None:
        """A look at what is about to be deleted or turned off by DELETE; may raise a refusal."""

    def before_store(
        self, operations: Operations, kind: str, id: str | None, document: Document, memberships: MembershipChanges
    ) -> None:
        """A last look, under the directory's lock, at what is about to be stored (id None: as a new resource)."""
        check_group_name(operations, kind, id, document)
        check_group_size(operations, memberships)

    def after_store(
        self, operations: Operations, before: Record | None, record: Record, memberships: MembershipChanges
    ) -> None:
        """What else follows, under the directory's lock, once a resource is stored (`before` None: it is new)."""

    def prefix(self, kind: str) -> str:
        """What the names of operations on a kind begin with: `user` of `user.create`."""
        return self.prefixes.get(kind) or kind.lower()

    def keeps_unknown_member(self, operations: Operations, member_id: str) -> bool:
        """Whether a member id that nothing has is kept, or else left out.

        Raises InvalidValue or NotFound where it is refused.
        """
        rule = operations.behaviour.unknown_members
        if rule in ("rejected", "not_found"):
            detail = f"there is no resource with the id {member_id!r:.100}"
            raise InvalidValue(detail) if rule == "rejected" else NotFound(detail)
        return bool(rule == "stored")

    def passes_over(self, behaviour: Behaviour, kind: str) -> Callable[[Record, Filter | None], bool] | None:
        """Which matching resources a search leaves out; None when it leaves out none."""
        return limits.blind_spot(kind, behaviour)

    def finder(self, request: Request, kind: str) -> Finder:
        """How resources of a kind are found."""
        view, passes_over = self.view(request), self.passes_over(request.behaviour, kind)
        newest_first = request.behaviour.list_order == "newest_first"
        return Finder(self.target.directory, kind, self._indexes[kind], view, passes_over, newest_first)

    def view(self, request: Request) -> ViewOf:
        """Shows a resource as filters and sorts read it."""
        return self.renderer(request).view

    # How it answers.

    def root_of(self, request: Request) -> str:
        """The absolute URL below which the endpoints lie, as the client reaches it."""
        root = self.root
        for name, value in request.params.items() if "<" in root else ():
            root = root.replace(f"<{name}>", quote(value, safe=""))
        return root

    def projection(self, request: Request, kind: str, search: Search = EVERYTHING) -> Projection:
        """What to show of a resource of a kind. Raises InvalidValue."""
        schema = self.schema(request, kind)
        if not search.attributes and not search.excluded:
            return compile_projection(schema)
        attributes = tuple(self.attribute(name, schema) for name in search.attributes)
        excluded = tuple(self.attribute(name, schema) for name in search.excluded)
        return compile_projection(schema, attributes=attributes, excluded=excluded)

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource as a client sees it. `before` is what a write found (None: it made the resource, or read it)."""
        return self.renderer(request).show(self.seen(record), projection)

    def seen(self, record: Record) -> Record:
        """A resource as it looks now: a user that was turned off may still be shown as active."""
        if record.document.get("active") is not False or not self.target.replication_lag.shows_as_active(record.id):
            return record
        return replace(record, document={**record.document, "active": True})

    def patch_answers_body(self, request: Request, kind: str, *, is_changed: bool) -> bool:
        """Whether a PATCH answers 200 with the resource, or else 204 (RFC 7644 section 3.5.2)."""
        can, prefix = request.behaviour, self.prefix(kind)
        as_changed = is_changed or prefix != "user" or can.answers_unchanged_patch_with_body
        return bool(as_changed and getattr(can, f"answers_{prefix}_patch_with_body"))

    def change_answers_body(self, request: Request, record: Record) -> bool:
        """Whether a PUT or PATCH that made this of a resource may answer with it, or else 204."""
        return True

    def deleted_status(self, kind: str) -> int:
        """The status of a DELETE that was done."""
        return self.deleted if isinstance(self.deleted, int) else self.deleted[kind]

    def list_envelope(self, request: Request, total: int, resources: Sequence[Json], **paging: Any) -> Json:
        """The body of a list answer."""
        counts = {"totalResults": total, "itemsPerPage": len(resources), **paging}
        body = {"schemas": [self.list_urn], "Resources": resources, **counts}
        return {name: body[name] for name in self.list_layout if name in body}

    def renderer(self, request: Request) -> Renderer:
        """How resources are shown at the moment of a request."""
        return self._renderer(self.root_of(request), request.behaviour)

    def _make_renderer(self, root: str, behaviour: Behaviour) -> Renderer:
        own = self.endpoints, self.finish, self.reference, self.computed
        return Renderer(self.target.directory, root, behaviour, *own)

    finish: Callable[[Json], Json] | None = None
    """Puts a rendered resource into other words."""

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal as a SCIM error message (RFC 7644 section 3.12)."""
        if isinstance(error, errors.UnknownPath):
            spoken = [api.path for api in self.target.spec.apis if issubclass(api.dialect, ScimDialect)]
            error = messages.misplaced(request.path, self.api.path, self.version, spoken) or error
        status, detail, scim_type = messages.told(error)
        headers = messages.error_headers(error, request.behaviour.authentication)
        return Answer(status, self.error_body(status, detail, scim_type), headers)

    def error_body(self, status: int, detail: str, scim_type: str | None) -> Json:
        """The body of an error message."""
        return messages.error_body(status, detail, scim_type)
