"""Answers lists and searches: a page of one kind, or of several in one go, by index or by cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.scim.cursor import Cursors
from provcheck.mock_targets.scim.dialect import Dialect
from provcheck.mock_targets.scim.errors import InvalidCount, InvalidFilter
from provcheck.mock_targets.scim.filter import Filter, compile_filters
from provcheck.mock_targets.scim.query import Page, Sorter
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.search import Search
from provcheck.mock_targets.scim.sort import compile_sort
from provcheck.mock_targets.scim.version import LIST_URN as LIST_URN


def list_response(call: Call, dialect: Dialect, kinds: Sequence[str], search: Search) -> Json:
    """The ListResponse to a query over some kinds (RFC 7644 section 3.4.2). Raises the family's errors."""
    for kind in kinds:
        dialect.schema(call, kind)
    where = _filters(call, dialect, kinds, search.filter)
    _announce(call, kinds, where)
    if search.cursor is not None and call.behaviour.supports_cursor:
        return _by_cursor(call, dialect, kinds, search, where)
    start, count = max(1, search.start or 1), _count(call, search)
    if len(kinds) == 1:
        page = _page(call, dialect, kinds[0], search, where.get(kinds[0]), start - 1, count)
    else:
        found = _found(call, dialect, kinds, search, where)
        page = Page(found[start - 1 : start - 1 + count], len(found), start - 1)
    return _envelope(dialect, page.total, _show(call, dialect, page.records, search), startIndex=start)


def _announce(call: Call, kinds: Sequence[str], where: dict[str, Filter]) -> None:
    values = [str(equality.value) for filter_ in where.values() for equality in filter_.equalities]
    operation = f"{kinds[0].lower()}.list" if len(kinds) == 1 else "search"
    call.intend(operation, kind=kinds[0] if len(kinds) == 1 else None, names=values)


def _filters(call: Call, dialect: Dialect, kinds: Sequence[str], text: str | None) -> dict[str, Filter]:
    if text is None:
        return {}
    if not call.behaviour.supports_filter:
        raise InvalidFilter("filters are not supported")
    schemas = [dialect.schema(call, kind) for kind in kinds]
    if len(schemas) == 1:
        strict = not dialect.leniency(call).ignores_unknown_attributes
        return {kinds[0]: dialect.version.filter(text, schemas[0], strict=strict)}
    return compile_filters(text, schemas)


def _count(call: Call, search: Search) -> int:
    asked = call.behaviour.default_page_size if search.count is None else max(0, search.count)
    return int(min(asked, call.behaviour.max_page_size))


def _sorter(call: Call, dialect: Dialect, kinds: Sequence[str], search: Search) -> Sorter | None:
    if search.sort_by is None or not call.behaviour.supports_sort:
        return None
    schemas = [dialect.schema(call, kind) for kind in kinds]
    view = dialect.renderer(call).view
    (sort_by,) = dialect.version.names((search.sort_by,), schemas[0])
    return compile_sort(sort_by, schemas, view_of=view, descending=search.descending)


def _page(
    call: Call, dialect: Dialect, kind: str, search: Search, where: Filter | None, start: int, count: int
) -> Page:
    sorter = _sorter(call, dialect, [kind], search)
    return dialect.finder(call, kind).page(start, count, where=where, sort=sorter)


def _found(
    call: Call, dialect: Dialect, kinds: Sequence[str], search: Search, where: dict[str, Filter]
) -> list[Record]:
    found = [record for kind in kinds for record in dialect.finder(call, kind).matching(where.get(kind))]
    sorter = _sorter(call, dialect, kinds, search)
    return sorter(found) if sorter else found


def _by_cursor(call: Call, dialect: Dialect, kinds: Sequence[str], search: Search, where: dict[str, Filter]) -> Json:
    target = call.target
    cursors: Cursors = target.memory.setdefault("cursors", Cursors(target.clock, target.ids))
    count = _count(call, search)
    if search.cursor:
        place = cursors.take(search.cursor, kinds, search)
        ids, start = place.ids, place.start
    else:
        ids, start = [(record.kind, record.id) for record in _found(call, dialect, kinds, search, where)], 0
    if search.count is not None and search.count < 1:
        raise InvalidCount("count is at least 1 with a cursor")
    located = (target.directory.locate(id) for _, id in ids[start : start + count])
    shown = _show(call, dialect, [record for record in located if record is not None], search)
    body = _envelope(dialect, len(ids), shown)
    if start + count < len(ids):
        timeout = call.behaviour.cursor_timeout
        body["nextCursor"] = cursors.give(kinds, search, ids=ids, start=start + count, timeout=timeout)
    return body


def _show(call: Call, dialect: Dialect, records: Sequence[Record], search: Search) -> list[Json]:
    renderer = dialect.renderer(call)
    kinds = {record.kind for record in records}
    projections = {kind: dialect.projection(dialect.schema(call, kind), search) for kind in kinds}
    return [renderer.show(record, projections[record.kind]) for record in records]


def _envelope(dialect: Dialect, total: int, resources: list[Json], **paging: Any) -> Json:
    return {
        "schemas": [dialect.version.list_urn],
        "totalResults": total,
        "itemsPerPage": len(resources),
        **paging,
        "Resources": resources,
    }
