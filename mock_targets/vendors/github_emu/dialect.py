"""GitHub's SCIM: enterprises with managed users, in the cloud and on a server, and organizations.

Nothing but users and groups exists there: no discovery, no bulk, no search by POST. Paths are compared with case and
end without a slash. Sources: docs.github.com, rest/enterprise-admin/scim, and the OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from operator import not_
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Conflict, Document, Record
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipChanges, MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.compile import Filter, compile_query
from provcheck.mock_targets.query.tree import Comparison, paths
from provcheck.mock_targets.scim.catalog import Catalog
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidPath, InvalidValue, Mutability, Uniqueness
from provcheck.mock_targets.scim.filter import invalid_filter, parse_filter
from provcheck.mock_targets.scim.indexes import INDEXES, emails
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.messages import ERROR_URN, told
from provcheck.mock_targets.scim.paths import Operation
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.render import Renderer
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.search import EVERYTHING, Search, from_query
from provcheck.mock_targets.short_cache import cached_if_short
from provcheck.mock_targets.target.flags import Behaviour, FlagValue
from provcheck.mock_targets.vendors.github_emu import login, schemas
from provcheck.mock_targets.vendors.github_emu.core_mapping import MEMBER
from provcheck.mock_targets.vendors.github_emu.flags import GITHUB_FLAGS
from provcheck.mock_targets.vendors.github_emu.hourly_limits import REQUESTS, USERS, admit, hourly, rate_headers

DOCUMENTATION = "https://docs.github.com/enterprise-cloud@latest/rest"
VERSIONS = ("2022-11-28", "2026-03-10")
PLAIN = {"Content-Type": "application/json; charset=utf-8"}  # a basic error and every 404 (OpenAPI description)
_LACKING: tuple[str, ...] = ("supports_sort", "supports_etag", "supports_cursor", "checks_content_type")
_LACKING += ("accepts_scim_suffix", "sends_location_with_resources")
_MEMBERS = Catalog({MEMBER: schemas.catalog("organization").user})


class GitHubDialect(ScimDialect):
    """What enterprises and organizations have in common.

    `scopes` are those of which the token needs one, `filtered` the attributes by which users and groups are found.
    """

    flags = GITHUB_FLAGS
    fixed: ClassVar[Mapping[str, FlagValue]] = dict.fromkeys(_LACKING, False)
    derived: ClassVar[Mapping[str, tuple[str, Callable[[Any], FlagValue]]]] = {
        "matches_user_names_by_case": ("folds_user_names", not_),
    }
    strict_slashes = True
    media_type = "application/scim+json; charset=utf-8"
    offers: ClassVar[frozenset[str]] = frozenset()
    parameters = ("filter", "startIndex", "count", "excludedAttributes")
    scopes: ClassVar[frozenset[str]] = frozenset()
    filtered: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def authenticate(self, request: Request) -> None:
        """Raises WireError, Unauthorized, RateLimited, and UnknownPath for an enterprise that does not exist."""
        can, header = request.behaviour, request.header("Authorization")
        if can.requires_user_agent and not request.header("User-Agent"):
            raise errors.WireError("Requests need a User-Agent header", status=403)
        if not holds_token(header, request.target.token, schemes=("bearer", "token")):
            raise errors.Unauthorized("Bad credentials" if header else "Requires authentication")
        if self.scopes.isdisjoint(scope.strip() for scope in can.token_scopes.split(",")):
            status, needed = int(can.missing_scope_status), f"The token needs {' or '.join(sorted(self.scopes))}"
            raise errors.WireError("Not Found" if status == 404 else needed, status=status)
        version = request.header("X-GitHub-Api-Version")
        if version and version not in VERSIONS and can.refuses_unknown_api_versions:
            raise errors.WireError(f"{version:.40} is no version of the API; {', '.join(VERSIONS)} are", status=400)
        admit(request.operations, REQUESTS, can.requests_per_hour)
        hourly(request.target).add(REQUESTS)
        for place, own in (("enterprise", can.enterprise), ("organization", can.organization)):
            if own and request.params.get(place, own).casefold() != own.casefold():
                raise errors.UnknownPath(f"there is no {place} {request.params[place]!r:.100}")

    def headers(self, request: Request) -> Mapping[str, str]:
        """How much of the hour's requests is left."""
        return rate_headers(request.operations) if request.behaviour.shows_rate_limit else {}

    def error(self, request: Request, error: Exception) -> Answer:
        """A SCIM error (status a number) or a basic error (a text). Organizations tell 403 and 404 as SCIM errors."""
        can, (status, detail, scim_type) = request.behaviour, told(error)
        if isinstance(error, errors.UnknownPath | errors.MethodNotAllowed):
            status = 404  # a method that a path does not have is told as a path that is not there
        shapes = {401: can.refusal_shape, 403: can.refusal_shape, 404: "basic", 409: can.conflict_shape}
        if "organization" in request.params:
            shapes |= {403: "scim", 404: "scim"}
        is_basic = shapes.get(status) == "basic" or (status == 400 and type(error) is errors.WireError)
        headers = dict(PLAIN) if is_basic or status == 404 else {}
        if isinstance(error, errors.TooManyRequests):
            status, is_basic = int(can.rate_limit_status), False
            headers |= {"Retry-After": str(error.retry_after)} if can.answers_retry_after else {}
        if is_basic:
            basic = {"documentation_url": DOCUMENTATION, "status": str(status)}
            return Answer(status, {"message": "Not Found" if status == 404 else detail, **basic}, headers)
        body: Json = {"schemas": [ERROR_URN], "status": status}
        body |= {"scimType": scim_type} if scim_type else {}
        body |= {"message": "Problems parsing JSON"} if isinstance(error, errors.BadJson) else {}
        return Answer(status, {**body, "detail": detail, "documentation_url": DOCUMENTATION}, headers)

    def query(self, request: Request) -> Search:
        """What a GET asks for: a page of a list, and members left out. Raises InvalidValue."""
        if request.method not in ("GET", "HEAD"):
            return EVERYTHING
        return from_query(request, ("excludedAttributes",) if "id" in request.params else self.parameters)

    def parse_filter(self, request: Request, text: str, schema: ResourceSchema) -> Filter:
        """One comparison with `eq`. Raises InvalidFilter."""
        return _equality(text, schema, self.filtered[schema.kind])

    def schema_for(self, request: Request, record: Record) -> ResourceSchema:
        """The schema of its kind, or one with few requirements for a resource that was seeded."""
        return schemas.fitting(self.schema(request, record.kind), record.document)

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """The change of a user, who is active unless it says otherwise; or of a group."""
        if kind == "Group" or "active" in change.document:
            return change
        return replace(change, document={**change.document, "active": True})


class EnterpriseDialect(GitHubDialect):
    """SCIM for an enterprise on github.com."""

    scopes = frozenset(("scim:enterprise", "admin:enterprise"))
    filtered: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "User": ("userName", "externalId", "id", "displayName"),
        "Group": ("externalId", "id", "displayName"),
    }
    indexes: ClassVar[Mapping[str, Mapping[str, str]]] = {
        kind: {**paths, "displayName": "displayName"} for kind, paths in INDEXES.items()
    }
    member_kinds = frozenset(("User",))

    def catalog(self, behaviour: Behaviour) -> Catalog:
        """GitHub's part of the core schemas."""
        return schemas.catalog(behaviour.required_attributes, behaviour.membership_style)

    def leniency(self, behaviour: Behaviour) -> Leniency:
        """What is accepted beyond the RFC."""
        return schemas.ANY_CASE if behaviour.accepts_capital_operations else schemas.LOWER_CASE

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """The operations that have an effect. Raises Mutability for memberships that are only shown."""
        operations = super().patch_operations(request, schema)
        membership = schema.table[schema.membership]
        if schema.relation is None and any(each.path.place.attribute is membership for each in operations):
            raise Mutability(f"{membership.path} are read-only on this side", flag="membership_style")
        if schema.kind == "Group" or request.behaviour.applies_filtered_user_paths:
            return operations
        return [each for each in operations if each.path.query is None]

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """The change as it is kept. Raises InvalidValue for members, roles and names that cannot be."""
        change, can = super().stored(request, kind, change, before), request.behaviour
        if kind == "Group":
            _check_members(request, change.edits)
            return change
        name = change.document["userName"]
        if before is None or before.document.get("userName") != name:
            login.check_login(name, *self.login_rule(can))
        document = login.with_settled_roles(change.document, refuses_unknown=can.refuses_unknown_roles)
        return replace(change, document=document)

    def login_rule(self, behaviour: Behaviour) -> tuple[str, int]:
        """What follows every login, and how long the two may be; data residency hides the short code."""
        most, code = behaviour.max_login_length, behaviour.shortcode
        return (f"_{code}", most) if code else ("", min(login.HIDDEN_CODE_LENGTH, most))

    def create(self, request: Request, kind: str, change: Change) -> Record:
        """Make a resource, or reinstate a suspended user, where enterprises do that. Raises also RateLimited."""
        if kind == "Group":
            return super().create(request, kind, change)
        admit(request.operations, USERS, request.behaviour.users_per_hour)
        found: Iterable[Record] = ()
        if request.behaviour.reinstates_on_create:
            found = request.target.directory.find(kind, "externalId", change.document["externalId"])
        twin = next((record for record in found if record.document.get("active") is False), None)
        if twin is None:
            record = super().create(request, kind, change)
        else:
            names = request.target.spec.core_mapping.names_of(twin)
            request.operations.announce("user.create", kind=kind, id=twin.id, names=names)
            record = self.service.change(request.operations, kind, twin.id, lambda _: change)
        hourly(request.target).add(USERS)
        return record

    def before_store(
        self, operations: Operations, kind: str, id: str | None, document: Document, memberships: MembershipChanges
    ) -> None:
        """Raises Conflict for another's address or name that is unique, RateLimited when too many join a group."""
        can, directory = operations.behaviour, operations.directory
        if kind == "Group":
            admit(operations, ("group", id), can.group_additions_per_hour, amount=len(memberships.made))
        users, groups = (can.unique_emails, "emails", "email"), (can.unique_group_names, "displayName", "displayName")
        is_unique, attribute, index = users if kind == "User" else groups
        before = directory.get(kind, id).document if id else {}
        if not is_unique or before.get(attribute) == document.get(attribute):
            return
        for value in emails(document) if kind == "User" else [document["displayName"]]:
            for other in directory.find(kind, index, value):
                if other.id != id:
                    raise Conflict(kind, attribute, value, other.id)

    def after_store(
        self, operations: Operations, before: Record | None, record: Record, memberships: MembershipChanges
    ) -> None:
        """Members who joined a group count against its limit."""
        if record.kind == "Group" and operations.behaviour.enforces_rate_limits:
            hourly(operations.target).add(("group", record.id), len(memberships.made))

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A user or group; nothing but members can be left out."""
        return _shown(request, record, self.renderer(request), members=projection.wants("members"))


class ServerDialect(EnterpriseDialect):
    """SCIM for the one enterprise of a GitHub Enterprise Server, whose logins have no short code."""

    def login_rule(self, behaviour: Behaviour) -> tuple[str, int]:
        """Nothing follows a login."""
        return "", behaviour.max_login_length

    def create(self, request: Request, kind: str, change: Change) -> Record:
        """A new user may be linked to an account that is there already. Raises Uniqueness where none is."""
        can, name = request.behaviour, change.document.get("userName", "")
        local = {local.strip().lower() for local in can.local_logins.split(",")} - {""}
        if login.login_key(name) in local and not can.links_local_logins:
            raise Uniqueness(f"the login of {name!r:.100} belongs to an account that SCIM did not make")
        return super().create(request, kind, change)


class ServerEnterpriseDialect(ServerDialect):
    """The same, at a path that names the enterprise."""

    def authenticate(self, request: Request) -> None:
        """Also raises UnknownPath where the server has no such path."""
        super().authenticate(request)
        if not request.behaviour.serves_enterprise_path_on_server:
            raise errors.UnknownPath(f"{request.path} does not exist")


class OrganizationDialect(GitHubDialect):
    """SCIM for an organization: members, no groups. A deactivated member is removed, and the id no longer exists.

    Answers have an ETag, which a GET may name (304). Source: docs.github.com, rest/scim/scim.
    """

    fixed: ClassVar[Mapping[str, FlagValue]] = {**GitHubDialect.fixed, "supports_etag": True}
    endpoints: ClassVar[Mapping[str, str]] = {MEMBER: "Users"}
    scopes = frozenset(("admin:org",))
    filtered: ClassVar[Mapping[str, tuple[str, ...]]] = {"User": ("userName", "externalId", "id", "emails")}
    indexes: ClassVar[Mapping[str, Mapping[str, str]]] = {MEMBER: INDEXES["User"]}
    prefixes: ClassVar[Mapping[str, str]] = {MEMBER: "user"}
    removes_disabled = True

    def catalog(self, behaviour: Behaviour) -> Catalog:
        """A user whose e-mail address and name are required."""
        return _MEMBERS

    def leniency(self, behaviour: Behaviour) -> Leniency:
        """What is accepted beyond the RFC."""
        return schemas.ORGANIZATION

    def patch_operations(self, request: Request, schema: ResourceSchema) -> Sequence[Operation]:
        """Raises InvalidPath for a path with a filter, which is not supported."""
        operations = super().patch_operations(request, schema)
        if any(each.path.query is not None for each in operations):
            raise InvalidPath("paths with a filter are not supported")
        return operations

    def change_answers_body(self, request: Request, record: Record) -> bool:
        """As the flag has it, for a member who was removed."""
        return record.document["active"] is not False or bool(request.behaviour.answers_removal_with_body)

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A member, who is a user to clients."""
        meta = {**self.renderer(request).meta(record), "resourceType": "User"}
        del meta["version"]
        return {**record.document, "emails": record.document.get("emails", []), "id": record.id, "meta": meta}


def _check_members(request: Request, edits: Sequence[MembershipEdit]) -> None:
    """Raise InvalidValue for too many members, or one of a whole group without a displayName that is required."""
    most = request.behaviour.max_members_per_request
    if most is not None and any(len(edit.members) > most for edit in edits):
        raise InvalidValue(f"one operation names at most {most} members")
    if edits and request.behaviour.required_attributes == "documented" and request.method != "PATCH":
        given = {key.lower(): value for key, value in request.json().items()}
        if any(not isinstance(member.get("displayName"), str) for member in given.get("members") or ()):
            raise InvalidValue("members.displayName is required")


@cached_if_short(maxsize=512)
def _equality(text: str, schema: ResourceSchema, names: tuple[str, ...]) -> Filter:
    """A filter: one of these attributes, `eq`, and a text. Raises InvalidFilter for any other."""
    query = parse_filter(text)
    is_simple = isinstance(query, Comparison) and query.operator == "eq" and isinstance(query.value, str)
    known = {name.lower() for name in names}
    if not is_simple or {path.lower() for path in paths(query)} - known or text.lstrip().startswith("("):
        raise InvalidFilter(f"a filter is one of {', '.join(names)}, then eq and a value in double quotes")
    with invalid_filter():
        return compile_query(query, schema, text=text)


def _shown(request: Request, record: Record, renderer: Renderer, *, members: bool) -> Json:
    """A user with the groups it is in, or a group, with its `members` unless the client excluded them.

    There are always `name` and `emails` of a user and `$ref` of a member: clients read them without looking.
    """
    can, directory, document = request.behaviour, request.target.directory, record.document

    def reference(other: Record) -> Json:
        display = other.document.get("displayName") or other.document.get("userName") or ""
        return {"value": other.id, "$ref": renderer.location(other.kind, other.id), "display": display}

    def is_hidden(user: Record) -> bool:
        return can.hides_suspended_members and user.document.get("active", True) is not True

    body = {**document, "id": record.id, "meta": renderer.meta(record)}
    if record.kind == "User":
        body.setdefault("name", {"givenName": "", "familyName": ""})
        body.setdefault("emails", [])
        if can.obfuscates_suspended_users and document.get("active", True) is not True:
            secret = sha256(record.id.encode()).hexdigest()[:16]
            addresses = [{**email, "value": f"{secret}@suspended.invalid"} for email in document.get("emails", ())]
            body |= {"userName": secret, "emails": addresses}
        if can.supports_groups:
            groups = () if is_hidden(record) else directory.groups(record.id)
            body["groups"] = [reference(group) for group in groups]
    elif members:
        with directory.lock:
            found = [directory.locate(id) for id in directory.members(record.id)]
        body["members"] = [reference(user) for user in found if user is not None and not is_hidden(user)]
    return body
