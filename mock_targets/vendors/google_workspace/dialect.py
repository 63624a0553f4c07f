"""The Directory API of the Admin SDK: users and groups; members and aliases are beside it in modules of their own.

Source: the discovery document admin directory_v1 (revision 20261104), as the SDK bundles it, and recorded answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Conflict, Document, NotFound, Record
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request, read_body
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipChanges
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.compile import Readable
from provcheck.mock_targets.query.finder import Sorter
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.query.text import fold
from provcheck.mock_targets.rest.attributes import merged
from provcheck.mock_targets.rest.batch import multipart_mixed
from provcheck.mock_targets.rest.dialect import Resource, RestDialect, Search
from provcheck.mock_targets.rest.errors import Invalid, Refusal, Refuse
from provcheck.mock_targets.rest.paging import Following, Paging
from provcheck.mock_targets.target.flags import Flag, names_in
from provcheck.mock_targets.vendors.google_workspace import members, render
from provcheck.mock_targets.vendors.google_workspace.deleted import DeletedUsers
from provcheck.mock_targets.vendors.google_workspace.errors import REFUSALS, envelope, invalid, missing, not_met
from provcheck.mock_targets.vendors.google_workspace.flags import FLAGS
from provcheck.mock_targets.vendors.google_workspace.query import read_query, view_of
from provcheck.mock_targets.vendors.google_workspace.requests import (
    GROUPS,
    PAGES,
    ROOT,
    USERS,
    check_choices,
    list_of,
    overridden,
    partial_of,
)
from provcheck.mock_targets.vendors.google_workspace.schemas import (
    LIST_NAMES,
    group_addresses,
    user_addresses,
)

MOST_CALLS = 1000
"""Calls in a batch (https://developers.google.com/admin-sdk/directory/v1/guides/batch)."""
_ORDERS: Mapping[str, Mapping[str, Callable[[Record], str]]] = {
    "User": {
        "email": lambda record: fold(record.document["primaryEmail"]),
        "givenName": lambda record: fold((record.document.get("name") or {}).get("givenName") or ""),
        "familyName": lambda record: fold((record.document.get("name") or {}).get("familyName") or ""),
    },
    "Group": {"email": lambda record: fold(record.document["email"])},
}


class DirectoryDialect(RestDialect):
    """Users and groups, by id, address or alias; a PUT merges as a PATCH does."""

    reads = tuple(each for each in FLAGS if isinstance(each, Flag))
    flags = FLAGS
    media_type = "application/json; charset=UTF-8"
    resources = (USERS, GROUPS)
    paging = PAGES(default=100, most=500)
    list_view = ListView(rows="users", next="nextPageToken", token_parameter="pageToken", filters=("query", "userKey"))
    put = "merge"
    created_status = 200
    words: ClassVar[Mapping[str, str]] = {
        "userName": "primaryEmail",
        "displayName": "name",
        "active": "suspended",
        "phoneNumbers": "phones",
        "externalId": "externalIds",
    }
    own = frozenset(("id", "kind", "etag", "creationTime", "customerId"))
    refusals_told: ClassVar[Mapping[type[Exception], Refuse]] = REFUSALS

    def routes(self) -> Iterable[Route]:
        """Users, groups, what is done to one user, members, aliases and batches."""
        yield from super().routes()
        user = f"{ROOT}/users/<id>"
        yield Route("POST", f"{user}/undelete", "user.create", self.undelete, writes=True)
        yield Route("POST", f"{user}/makeAdmin", "user.update", self.make_admin, writes=True)
        yield from members.routes(self)
        for path in ("/batch", f"/batch{ROOT}"):
            yield Route(
                "POST", path, "bulk", lambda request: multipart_mixed(request, self, most=MOST_CALLS), writes=True
            )

    def routes_of(self, resource: Resource) -> Iterable[Route]:
        """A GET that is too long for a URL is sent as a POST that names its method in a header."""
        usual = {(each.method, each.rule): each for each in super().routes_of(resource)}
        listed = usual["GET", resource.path]
        for route in usual.values():
            if route.method == "POST":
                yield replace(route, view=partial(overridden, listed, route))
            else:
                yield route

    def error_body(self, request: Request, refusal: Refusal) -> Any:
        """One envelope for all refusals."""
        return envelope(refusal)

    # reading

    def paging_of(self, request: Request, resource: Resource) -> Paging:
        """Whether a page above the limit is refused is a flag."""
        return replace(super().paging_of(request, resource), refuses_more=request.behaviour.large_pages == "refused")

    def find(self, request: Request, resource: Resource, key: str) -> Record:
        """By id, address or alias."""
        directory = request.target.directory
        record = directory.locate(key)
        if record is not None and record.kind == resource.kind:
            return record
        found = directory.find(resource.kind, "address", key) if "@" in key else ()
        if not found:
            raise NotFound(resource.kind, key)
        return found[0]

    def search(self, request: Request, resource: Resource) -> Search:
        """The account or one of its domains has to be named; for groups a member may be, in their place."""
        check_choices(request)
        among = self._among(request, resource)
        text = request.argument("query")
        sort = self._sort(request, resource)
        if text is None:
            key = request.argument("userKey")
            return Search(among=among, sort=sort, names=(key,) if key and resource.kind == "Group" else ())
        where = read_query(text, resource.kind)
        names = tuple(str(each.value) for each in where.equalities)
        member = where.equality("memberKey")
        if member is not None:
            return Search(among=self._groups_of(request, str(member.value)), sort=sort, names=names)
        return Search(where=where, among=among, sort=sort, names=names)

    def _among(self, request: Request, resource: Resource) -> list[Record] | None:
        customer, domain, user = (request.argument(name) for name in ("customer", "domain", "userKey"))
        if user is not None and resource.kind == "Group":
            if customer is not None:
                raise Refusal(400, "badRequest", "Bad Request: userKey cannot be combined with customer")
            return self._groups_of(request, user)
        if customer is None and domain is None:
            raise Refusal(400, "badRequest", "Bad Request")
        if customer not in (None, "my_customer", request.behaviour.customer_id):
            raise Refusal(400, "badRequest", "Bad Request")
        own = render.domains(request)
        if domain is not None and domain.lower() not in own:
            raise Refusal(404, "notFound", "Domain not found.")
        if resource.kind == "User" and request.argument("showDeleted") == "true":
            return DeletedUsers.of(request.target).records()
        if domain is None or len(own) == 1:
            return None
        every = request.target.directory.all(resource.kind)
        primary = "primaryEmail" if resource.kind == "User" else "email"
        return [each for each in every if each.document[primary].lower().endswith(f"@{domain.lower()}")]

    def _groups_of(self, request: Request, key: str) -> list[Record]:
        id = members.find_member(request, self, key)
        if id is None:
            raise missing("userKey" if request.argument("userKey") else "memberKey")
        return request.target.directory.groups(id)

    def _sort(self, request: Request, resource: Resource) -> Sorter | None:
        order = request.argument("orderBy")
        if order is None:
            return None
        key = _ORDERS[resource.kind].get(order)
        if key is None:
            raise invalid("orderBy")
        return partial(sorted, key=key, reverse=request.argument("sortOrder") == "DESCENDING")

    def readable(self, request: Request, record: Record) -> Readable:
        """In the words of the query language."""
        return view_of(record)

    # writing

    def keeps(self, request: Request, resource: Resource, name: str) -> bool:
        """A PATCH cannot clear a field that holds a list."""
        return request.method == "PATCH" and name in LIST_NAMES and not request.behaviour.patch_clears_lists

    def prepare(self, request: Request, resource: Resource, document: Document, before: Record | None) -> Document:
        """Addresses are within the account; one that is given up stays as an alias."""
        primary = "primaryEmail" if resource.kind == "User" else "email"
        address = document[primary]
        old = before.document if before is not None else {}
        if before is not None and resource.kind == "User":
            self.check_complete(request, before)
        if address != old.get(primary):
            self._check_address(request, resource, address)
            aliases = [each for each in old.get("aliases", ()) if fold(each) != fold(address)]
            if old and fold(old[primary]) != fold(address):
                aliases.append(old[primary])
            document = {**document, **({"aliases": aliases} if aliases else {})}
        if resource.kind == "User":
            _check_user(request, document)
            document = _with_last_entries(request, document, old)
        return document

    def _check_address(self, request: Request, resource: Resource, address: str) -> None:
        if address.rpartition("@")[2].lower() in render.domains(request):
            return
        if resource.kind == "User" and request.behaviour.foreign_domain_refusal == "not_found":
            raise Refusal(404, "notFound", "Domain not found.")
        raise invalid("primary_user_email" if resource.kind == "User" else "group_email")

    def guard(
        self, operations: Operations, kind: str, id: str | None, document: Document, memberships: MembershipChanges
    ) -> None:
        """Users and groups share one name space of addresses. Raises Conflict."""
        other = "Group" if kind == "User" else "User"
        for address in (user_addresses if kind == "User" else group_addresses)(document):
            for holder in operations.directory.find(other, "address", address):
                raise Conflict(other, "address", address, holder.id)

    def unknown_member(self, operations: Operations, member_id: str) -> bool | None:
        """Somebody outside, or the whole account, is a member that the directory does not hold."""
        return True

    def created(self, request: Request, record: Record) -> None:
        """The service takes a while until what is new is known everywhere."""
        by_id, by_filter = request.behaviour.visibility_delay_by_id, request.behaviour.visibility_delay_by_filter
        if by_id or by_filter:
            request.target.replication_lag.hide(record.id, by_id=by_id, by_filter=by_filter)

    def check_delete(self, request: Request, record: Record) -> None:
        """A new user has to be complete."""
        if record.kind == "User":
            self.check_complete(request, record)

    def deleted(self, request: Request, record: Record) -> None:
        """A user can be undeleted; a group cannot."""
        if record.kind == "User":
            DeletedUsers.of(request.target).add(record)

    def check_complete(self, request: Request, record: Record) -> None:
        """Raise a refusal while a new user is still being created."""
        seconds = int(request.behaviour.creation_takes)
        if seconds and request.target.clock.now() < record.created + timedelta(seconds=seconds):
            raise not_met("User creation is not complete.", 412, flag="creation_takes")

    # showing

    def render(self, request: Request, resource: Resource, record: Record, *, listed: bool = False) -> Any:
        """The full form; custom schemas only where they are asked for."""
        if resource.kind == "Group":
            return render.full_group(request, record)
        check_choices(request)
        shown = render.full_user(request, record)
        deleted = DeletedUsers.of(request.target).when(record.id) if listed else None
        if deleted is not None:
            shown["deletionTime"] = render.moment(deleted)
        if "customSchemas" in shown and request.method == "GET":
            shown["customSchemas"] = _projected(request, shown["customSchemas"])
            shown = {name: value for name, value in shown.items() if name != "customSchemas" or value}
        return shown

    def render_new(self, request: Request, resource: Resource, record: Record) -> Any:
        """The answer to insert is thin."""
        return (render.new_user if resource.kind == "User" else render.new_group)(request, record)

    def list_body(self, request: Request, resource: Resource, rows: list[Any], following: Following) -> Any:
        """Kind and tag; the rows are absent where there are none."""
        return list_of(request, resource.rows, rows, following)

    def answer(self, request: Request, resource: Resource, record: Record, body: Any, *, status: int = 200) -> Answer:
        """With the resource's tag as a header, and as many fields as are asked for."""
        return Answer(status, partial_of(request, body), {"ETag": body["etag"]})

    def render_changed(self, request: Request, resource: Resource, record: Record) -> Answer:
        """The full form; a change of the address may be answered as a conflict although it was made."""
        renamed = request.json().get("primaryEmail") if resource.kind == "User" else None
        if renamed and request.behaviour.rename_answers_conflict:
            request.operations.exchange.refused_by = "rename_answers_conflict"
            return Answer(409, envelope(Refusal(409, "conflict", "Conflicting requests. Please retry.")))
        return super().render_changed(request, resource, record)

    # one user

    def undelete(self, request: Request) -> Answer:
        """A user who was deleted is back, without memberships; by its id alone, and for 20 days."""
        deleted, id = DeletedUsers.of(request.target), request.params["id"]
        kept = deleted.find(id)
        if kept is None:
            raise missing("userKey")
        if deleted.is_too_old(kept):
            status = int(request.behaviour.late_undelete_status)
            raise not_met(
                "The user cannot be undeleted: it was deleted too long ago.", status, flag="late_undelete_status"
            )
        body = request.json() if read_body(request.wsgi) else {}
        unit = body.get("orgUnitPath", "/") if isinstance(body, dict) else None
        document = {**kept.document, "orgUnitPath": unit}
        if not isinstance(unit, str):
            raise Invalid("orgUnitPath", "type")
        _check_user(request, document)
        self.service.create(request.operations, "User", Change(document), id=id)
        deleted.forget(id)
        return Answer(204)

    def make_admin(self, request: Request) -> Answer:
        """Make a super administrator of a user, or end it."""
        body, record = request.json(), self.find(request, USERS, request.params["id"])
        status = body.get("status") if isinstance(body, dict) else None
        if not isinstance(status, bool):
            raise Refusal(400, "required", "Missing required field: status")
        self.service.change(
            request.operations, "User", record.id, lambda old: Change({**old.document, "isAdmin": status})
        )
        return Answer(204)


def _check_user(request: Request, document: Document) -> None:
    unit, units = document.get("orgUnitPath", "/"), request.behaviour.org_units
    known = units is None or unit == "/" or unit.casefold() in names_in(units)
    if not unit.startswith("/") or not known:
        raise invalid("INVALID_OU_ID", flag=None if known else "org_units")
    phone = document.get("recoveryPhone")
    if phone is not None and not (phone.startswith("+") and phone[1:].isdigit()):
        raise invalid("recoveryPhone")


def _with_last_entries(request: Request, document: Document, old: Document) -> Document:
    """An empty list may leave the last entry that was there."""
    if not request.behaviour.empty_list_keeps_last_entry or not old:
        return {name: value for name, value in document.items() if value != []}
    body = request.json()
    if request.method == "PUT" and len(body) > 1:
        return document
    kept = {name: old[name][-1:] for name in LIST_NAMES if document.get(name) == [] and old.get(name)}
    return merged(document, kept)


def _projected(request: Request, schemas: Mapping[str, Any]) -> dict[str, Any]:
    projection = request.argument("projection") or "basic"
    if projection == "basic":
        return {}
    asked = names_in(request.argument("customFieldMask"))
    return {name: each for name, each in schemas.items() if projection == "full" or name.casefold() in asked}
