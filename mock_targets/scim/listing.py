"""Answers lists and searches: a page of one kind, or of several in one go, by index or by cursor."""

from __future__ import annotations

from collections.abc import Sequence

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.query.compile import Filter
from provcheck.mock_targets.query.finder import Page, Sorter
from provcheck.mock_targets.scim.cursor import Cursors
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.errors import InvalidCount, InvalidFilter
from provcheck.mock_targets.scim.filter import compile_filters, grammar_of
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.search import Search
from provcheck.mock_targets.scim.sort import compile_sort


def list_response(request: Request, dialect: ScimDialect, kinds: Sequence[str], search: Search) -> Json:
    """The ListResponse to a query over some kinds (RFC 7644 section 3.4.2). Raises the family's errors."""
    for kind in kinds:
        dialect.schema(request, kind)
    where = _filters(request, dialect, kinds, search.filter)
    _announce(request, dialect, kinds, where)
    if search.cursor is not None and request.behaviour.supports_cursor:
        return _by_cursor(request, dialect, kinds, search, where)
    start, count = max(1, search.start or 1), _count(request, search)
    if len(kinds) == 1:
        page = _page(request, dialect, kinds[0], search, where.get(kinds[0]), start - 1, count)
    else:
        found = _found(request, dialect, kinds, search, where)
        page = Page(found[start - 1 : start - 1 + count], len(found), start - 1)
    return dialect.list_envelope(request, page.total, _show(request, dialect, page.records, search), startIndex=start)


def _announce(request: Request, dialect: ScimDialect, kinds: Sequence[str], where: dict[str, Filter]) -> None:
    values = [str(equality.value) for filter_ in where.values() for equality in filter_.equalities]
    operation = f"{dialect.prefix(kinds[0])}.list" if len(kinds) == 1 else "search"
    request.operations.announce(operation, kind=kinds[0] if len(kinds) == 1 else None, names=values)


def _filters(request: Request, dialect: ScimDialect, kinds: Sequence[str], text: str | None) -> dict[str, Filter]:
    if text is None:
        return {}
    if not request.behaviour.supports_filter:
        raise InvalidFilter("filters are not supported")
    schemas = [dialect.schema(request, kind) for kind in kinds]
    if len(schemas) == 1:
        return {kinds[0]: dialect.parse_filter(request, text, schemas[0])}
    return compile_filters(text, schemas, grammar=grammar_of(dialect.rules(request).leniency))


def _count(request: Request, search: Search) -> int:
    asked = request.behaviour.default_page_size if search.count is None else max(0, search.count)
    return int(min(asked, request.behaviour.max_page_size))


def _sorter(request: Request, dialect: ScimDialect, kinds: Sequence[str], search: Search) -> Sorter | None:
    if search.sort_by is None or not request.behaviour.supports_sort:
        return None
    schemas = [dialect.schema(request, kind) for kind in kinds]
    view = dialect.view(request)
    sort_by = dialect.attribute(search.sort_by, schemas[0])
    return compile_sort(sort_by, schemas, view_of=view, descending=search.descending)


def _page(
    request: Request, dialect: ScimDialect, kind: str, search: Search, where: Filter | None, start: int, count: int
) -> Page:
    sorter = _sorter(request, dialect, [kind], search)
    return dialect.finder(request, kind).page(start, count, where=where, sort=sorter)


def _found(
    request: Request, dialect: ScimDialect, kinds: Sequence[str], search: Search, where: dict[str, Filter]
) -> list[Record]:
    found = [record for kind in kinds for record in dialect.finder(request, kind).matching(where.get(kind))]
    sorter = _sorter(request, dialect, kinds, search)
    return sorter(found) if sorter else found


def _by_cursor(
    request: Request, dialect: ScimDialect, kinds: Sequence[str], search: Search, where: dict[str, Filter]
) -> Json:
    target = request.target
    cursors: Cursors = target.memory.get("cursors") or target.memory.setdefault(
        "cursors", Cursors(target.clock, target.ids, target.budgets.cursors)
    )
    count = _count(request, search)
    if search.cursor:
        place = cursors.take(search.cursor, kinds, search)
        ids, start = place.ids, place.start
    else:
        ids, start = [(record.kind, record.id) for record in _found(request, dialect, kinds, search, where)], 0
    if search.count is not None and search.count < 1:
        raise InvalidCount("count is at least 1 with a cursor")
    located = (target.directory.locate(id) for _, id in ids[start : start + count])
    shown = _show(request, dialect, [record for record in located if record is not None], search)
    body = dialect.list_envelope(request, len(ids), shown)
    if not request.behaviour.counts_results_of_cursors:
        body.pop("totalResults", None)
    if start + count < len(ids):
        timeout = request.behaviour.cursor_timeout
        body["nextCursor"] = cursors.give(kinds, search, ids=ids, start=start + count, timeout=timeout)
    return body


def _show(request: Request, dialect: ScimDialect, records: Sequence[Record], search: Search) -> list[Json]:
    projections = {kind: dialect.projection(request, kind, search) for kind in {record.kind for record in records}}
    return [dialect.render(request, record, projections[record.kind]) for record in records]
