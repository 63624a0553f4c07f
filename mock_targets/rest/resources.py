"""The views of resources: list, create, read, replace, modify, delete.

Each reads as: parse, act, render, return. What differs between vendors are methods of the dialect.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.query.finder import Finder

if TYPE_CHECKING:
    from provcheck.mock_targets.rest.dialect import Resource, RestDialect


class Resources:
    """The views over one dialect."""

    def __init__(self, dialect: RestDialect) -> None:
        self.dialect = dialect

    def list(self, request: Request, resource: Resource) -> Answer:
        """GET of a collection: a page of it."""
        dialect, operations, paging = self.dialect, request.operations, self.dialect.paging_of(request, resource)
        count = paging.count(request)
        start = paging.start(request, count)
        search = dialect.search(request, resource)
        operations.announce(f"{resource.word}.list", kind=resource.kind, names=search.names)
        if search.among is not None:
            where = search.where
            matching = [
                each for each in search.among if where is None or where.matches(dialect.readable(request, each))
            ]
            matching = search.sort(matching) if search.sort else matching
            records, total = matching[start : start + count], len(matching)
        else:
            finder = Finder(
                operations.directory, resource.kind, resource.indexes, lambda each: dialect.readable(request, each)
            )
            page = finder.page(start, count, where=search.where, sort=search.sort)
            records, total = list(page.records), page.total
        rows = [dialect.render(request, resource, each, listed=True) for each in records]
        following = paging.following(request, start, count, total)
        return Answer(200, dialect.list_body(request, resource, rows, following), following.headers)

    def create(self, request: Request, resource: Resource) -> Answer:
        """POST to a collection: a new resource."""
        dialect = self.dialect
        change = dialect.read(request, resource, None)
        record = dialect.service.create(request.operations, resource.kind, change)
        dialect.created(request, record)
        body = dialect.render_new(request, resource, record)
        return dialect.answer(request, resource, record, body, status=dialect.created_status)

    def read(self, request: Request, resource: Resource) -> Answer:
        """GET of one resource."""
        record = self.dialect.find(request, resource, request.params["id"])
        names = request.target.spec.core_mapping.names_of(record)
        request.operations.announce(f"{resource.word}.get", kind=resource.kind, id=record.id, names=names)
        body = self.dialect.render(request, resource, record)
        return self.dialect.answer(request, resource, record, body)

    def replace(self, request: Request, resource: Resource) -> Answer:
        """PUT: the whole resource anew, or, where the vendor has it so, a change of some fields."""
        return self._change(request, resource, replaces=self.dialect.put == "replace")

    def modify(self, request: Request, resource: Resource) -> Answer:
        """PATCH: a change of some fields."""
        return self._change(request, resource, replaces=False)

    def _change(self, request: Request, resource: Resource, *, replaces: bool) -> Answer:
        dialect = self.dialect
        found = dialect.find(request, resource, request.params["id"])
        changed = dialect.service.change(
            request.operations,
            resource.kind,
            found.id,
            lambda before: dialect.read(request, resource, before, replaces=replaces),
        )
        return dialect.render_changed(request, resource, changed)

    def delete(self, request: Request, resource: Resource) -> Answer:
        """DELETE: gone, 204 without a body."""
        dialect = self.dialect
        record = dialect.find(request, resource, request.params["id"])
        check = partial(dialect.check_delete, request)
        dialect.deleted(request, dialect.service.delete(request.operations, resource.kind, record.id, check=check))
        return Answer(204)
