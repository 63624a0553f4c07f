"""Effects on lists: rows that come twice or not at all, totals that are wrong, filters that are ignored.

They act through the API's list view alone. What another page holds, or the list without its filter, they get by asking
the API the same request with other parameters, so an answer differs exactly where a fault of the target would show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from provcheck.mock_targets.faults.effects.answers import AnswerEffect, Answering
from provcheck.mock_targets.faults.effects.effect import Moment
from provcheck.mock_targets.faults.facts import Surface
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.reading import Described

ListFaultKind = Literal[
    "repeats_row", "repeats_page", "skips_row", "doubles_row", "total_of_page", "unfiltered", "empty"
]
MOST_REMEMBERED = 10_000
"""Pages whose last row is remembered; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class ListFault(AnswerEffect):
    """Gets a list wrong; the way is one of `LIST_FAULTS`."""

    moments: ClassVar[tuple[Moment, ...]] = ("before",)
    meets: ClassVar[tuple[str, ...]] = ("*.list", "search")

    lists: Annotated[ListFaultKind | None, Described("In what way lists go wrong")] = None

    def applies_to(self, surface: Surface) -> str | None:
        """Return what the API's lists lack."""
        view = surface.list_view
        if view is None:
            return f"{surface.label} has no lists"
        if self.lists == "total_of_page" and view.total is None:
            return f"the lists of {surface.label} have no total"
        if self.lists == "unfiltered" and not view.filters:
            return f"the lists of {surface.label} have no filter"
        if self.lists in ("repeats_row", "repeats_page", "skips_row") and not view.has_pages:
            return f"the lists of {surface.label} have no pages"
        return None

    def apply(self, answering: Answering) -> bool:
        """Change the list; an answer that is none stays as it is."""
        view = answering.list_view
        if self.lists is None or view is None or view.rows_of(answering.body) is None:
            return False
        before, answering.body = answering.body, _KINDS[self.lists](view, answering)
        return bool(answering.body != before)


def _empty(view: ListView, answering: Answering) -> Any:
    return view.without_next(view.with_rows(answering.body, [], 0))


def _total_of_page(view: ListView, answering: Answering) -> Any:
    return view.with_total(answering.body, len(answering.rows or ()))


def _unfiltered(view: ListView, answering: Answering) -> Any:
    if not view.is_filtered(answering.query):
        return answering.body
    everything = answering.ask(view.unfiltered())
    return answering.body if view.rows_of(everything) is None else everything


def _doubles_row(view: ListView, answering: Answering) -> Any:
    rows = answering.rows or []
    return view.with_rows(answering.body, [*rows[:1], *rows])


def _repeats_page(view: ListView, answering: Answering) -> Any:
    if view.is_first(answering.query):
        return answering.body
    rows = view.rows_of(answering.ask(view.first_page()))
    return answering.body if rows is None else view.with_rows(answering.body, rows)


def _skips_row(view: ListView, answering: Answering) -> Any:
    return _moved(view, answering, 1, lambda: (answering.rows or [])[1:])


def _repeats_row(view: ListView, answering: Answering) -> Any:
    last = _last_of_page_before(view, answering)
    return _moved(view, answering, -1, lambda: [*last, *(answering.rows or [])])


def _moved(view: ListView, answering: Answering, by: int, otherwise: Callable[[], list[Any]]) -> Any:
    """A page after the first that begins elsewhere; where pages are not asked for by a row, `otherwise` makes it."""
    if view.is_first(answering.query):
        return answering.body
    shifted = view.shifted(answering.query, by)
    rows = otherwise() if shifted is None else view.rows_of(answering.ask(shifted))
    return answering.body if rows is None else view.with_rows(answering.body, rows)


def _last_of_page_before(view: ListView, answering: Answering) -> list[Any]:
    """The last row of the page before, as a list; that of a page asked for by a token is remembered with the token."""
    rows, following = answering.rows, view.next_of(answering.body)
    remembered = answering.remembered
    if rows and following:
        remembered[following] = rows[-1]
        if len(remembered) > MOST_REMEMBERED:
            del remembered[next(iter(remembered))]
    before = view.page_before(answering.query)
    if before is not None:
        return (view.rows_of(answering.ask(before)) or [])[-1:]
    token = answering.query.get(view.token_parameter or "")
    return [remembered[token]] if token in remembered else []


LIST_FAULTS: Mapping[ListFaultKind, str] = {
    "repeats_row": "a page after the first begins with the last row of the page before",
    "repeats_page": "every page is the first",
    "skips_row": "a page after the first begins one row too late",
    "doubles_row": "the first row of a page is there twice",
    "total_of_page": "the total is the number of rows in the page",
    "unfiltered": "the filter is ignored: everybody is listed",
    "empty": "the list is empty",
}
_KINDS: Mapping[ListFaultKind, Callable[[ListView, Answering], Any]] = {
    "repeats_row": _repeats_row,
    "repeats_page": _repeats_page,
    "skips_row": _skips_row,
    "doubles_row": _doubles_row,
    "total_of_page": _total_of_page,
    "unfiltered": _unfiltered,
    "empty": _empty,
}
