"""The layout of an API's list answers, and the query parameters for pages and filters.

Faults and replication lag act on lists through a `ListView` alone, so they know no family's words. A view is data: a
dialect declares one, an API without lists has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Changes = Mapping[str, str | None]
"""Query parameters to replace; None removes one."""
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """The words of a list answer, and of the request for one.

    In the answer, as dotted paths: `rows` holds the resources ("" when the body is the array itself), `total` how many
    there are in all, `count` how many are in this page, `start` where the page begins, `next` what the next page is
    asked for with; `id` names the identifier in a row. None: the API does not say so.

    In the request, as query parameters: `filters` narrow the list, `start_parameter` is the number of the first row,
    `page_parameter` the number of the page (both counted from `first`), `token_parameter` takes what `next` gave.
    """

    rows: str
    total: str | None = None
    count: str | None = None
    start: str | None = None
    next: str | None = None
    id: str = "id"
    filters: tuple[str, ...] = ()
    start_parameter: str | None = None
    page_parameter: str | None = None
    token_parameter: str | None = None
    first: int = 1

    @property
    def has_pages(self) -> bool:
        """Whether a request can ask for another page than the first."""
        return bool(self.start_parameter or self.page_parameter or self.token_parameter)

    def is_envelope(self, path: str) -> bool:
        """Return True if an attribute path belongs to the list itself, not to its rows."""
        words = (self.rows, self.total, self.count, self.start, self.next)
        return path.partition(".")[0] in {word.partition(".")[0] for word in words if word}

    def rows_of(self, body: Any) -> list[Any] | None:
        """Return the rows of a list answer; None for any other body."""
        rows = read_path(body, self.rows)
        return rows if isinstance(rows, list) else None

    def total_of(self, body: Any) -> int | None:
        """Return the total that the answer gives; None without one."""
        total = read_path(body, self.total) if self.total else None
        return total if isinstance(total, int) and not isinstance(total, bool) else None

    def next_of(self, body: Any) -> str | None:
        """Return the token of the next page in the answer; None without one."""
        token = read_path(body, self.next) if self.next else None
        return token if isinstance(token, str) and token else None

    def with_rows(self, body: Any, rows: Sequence[Any], total: int | None = None) -> Any:
        """Return the list answer with other rows, their count, and another total unless None."""
        body = with_path(body, self.rows, list(rows))
        if self.count and isinstance(read_path(body, self.count), int):
            body = with_path(body, self.count, len(rows))
        return self.with_total(body, total) if total is not None else body

    def with_total(self, body: Any, total: int) -> Any:
        """Return the list answer with another total, if it has one."""
        return body if self.total is None or self.total_of(body) is None else with_path(body, self.total, total)

    def without_next(self, body: Any) -> Any:
        """Return the list answer as if it were the last page."""
        if self.next is None or read_path(body, self.next) is None:
            return body
        way, _, last = self.next.rpartition(".")
        host = {key: value for key, value in read_path(body, way).items() if key != last}
        return with_path(body, way, host)

    def is_filtered(self, query: Mapping[str, str]) -> bool:
        """Return True if a request filters the list."""
        return any(name in query for name in self.filters)

    def unfiltered(self) -> Changes:
        """Return the parameters that remove the filter."""
        return dict.fromkeys(self.filters)

    def is_first(self, query: Mapping[str, str]) -> bool:
        """Return True if a request asks for the first page."""
        number = self._number(query, self.start_parameter) or self._number(query, self.page_parameter)
        return not (self.token_parameter and query.get(self.token_parameter)) and (number or 0) <= self.first

    def first_page(self) -> Changes:
        """Return the parameters that ask for the first page."""
        names = (self.start_parameter, self.page_parameter, self.token_parameter)
        return {name: None for name in names if name is not None}

    def shifted(self, query: Mapping[str, str], rows: int) -> Changes | None:
        """Return the parameters for a page so many rows later; None unless pages start at a row."""
        number = self._number(query, self.start_parameter)
        if number is None or self.start_parameter is None:
            return None
        return {self.start_parameter: str(max(self.first, number + rows))}

    def page_before(self, query: Mapping[str, str]) -> Changes | None:
        """Return the parameters for the page before; None unless pages have numbers."""
        number = self._number(query, self.page_parameter)
        if number is None or self.page_parameter is None:
            return None
        return {self.page_parameter: str(max(self.first, number - 1))}

    @staticmethod
    def _number(query: Mapping[str, str], name: str | None) -> int | None:
        text = (query.get(name) or "") if name else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def read_path(value: Any, path: str) -> Any:
    """Return the value at a dotted path through objects; None if there is none. The empty path is the value itself."""
    for step in path.split(".") if path else ():
        value = value.get(step) if isinstance(value, dict) else None
    return value


def with_path(body: Any, path: str, value: Any) -> Any:
    """Return a copy of a body with another value at a dotted path; the other parts are shared."""
    if not path:
        return value
    step, _, rest = path.partition(".")
    host = body if isinstance(body, dict) else {}
    return {**host, step: with_path(host.get(step), rest, value)}
