"""Paging styles: which page a request asks for, and how the answer names the next one."""

from __future__ import annotations

import base64
import binascii
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.rest.errors import Invalid

MAX_DIGITS = 9
"""Most digits of a number in a query parameter."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a list says beside its rows: members of its body, and headers."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging(ABC):
    """A paging style. `size` is the parameter for the number of rows of a page, `default` and `most` its values.

    A number above `most` is refused (Invalid) with `refuses_more`, else `most` rows are given.
    `total` is the member of the body that holds the number of all rows; None: it has none.
    """

    size: str | None
    default: int
    most: int
    refuses_more: bool = False
    total: str | None = None

    def count(self, request: Request) -> int:
        """Return the number of rows that a page of the request has at most. Raises Invalid."""
        text = request.argument(self.size) if self.size else None
        if text is None:
            return self.default
        number = read_number(self.size or "", text, lowest=1)
        if number > self.most and self.refuses_more:
            raise Invalid(self.size or "", "range", text)
        return min(number, self.most)

    @abstractmethod
    def start(self, request: Request, count: int) -> int:
        """Return the 0-based position of the first row. Raises Invalid."""

    @abstractmethod
    def following(self, request: Request, start: int, count: int, total: int) -> Following:
        """Return what the answer says of the pages, with `total` rows in all."""

    @abstractmethod
    def view(self, rows: str, filters: tuple[str, ...] = ()) -> ListView:
        """Return the layout of a list with this paging."""

    def counted(self, total: int) -> dict[str, Any]:
        """Return the member of the body with the total."""
        return {self.total: total} if self.total else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTokens(Paging):
    """The answer holds an opaque token in `next`, which the next request sends back in `token`.

    A token belongs to its query, is for `lifetime` seconds good and then refused. With `as_link` the answer holds the
    URL of the next page in its place.
    """

    token: str
    next: str
    lifetime: int = 3 * 24 * 3600
    as_link: bool = False

    def start(self, request: Request, count: int) -> int:
        """The position that the token names."""
        token = request.argument(self.token)
        return 0 if not token else self._read(request, token)

    def following(self, request: Request, start: int, count: int, total: int) -> Following:
        """The token of the next page, if there is one."""
        if start + count >= total:
            return Following(self.counted(total), {})
        named = f"{start + count}.{int(request.target.clock.now().timestamp())}"
        token = base64.urlsafe_b64encode(f"{named}.{self._check(request, named)}".encode()).decode().rstrip("=")
        link = _url(request, {self.token: token}) if self.as_link else token
        return Following({**self.counted(total), self.next: link}, {})

    def view(self, rows: str, filters: tuple[str, ...] = ()) -> ListView:
        """See Paging."""
        return ListView(rows=rows, total=self.total, next=self.next, filters=filters, token_parameter=self.token)

    def _read(self, request: Request, token: str) -> int:
        try:
            text = base64.urlsafe_b64decode(token[:200] + "=" * (-len(token) % 4)).decode("ascii")
        except (binascii.Error, ValueError):
            text = ""
        named, _, check = text.rpartition(".")
        if not named or check != self._check(request, named):
            raise Invalid(self.token, "format", token)
        position, _, made = named.partition(".")
        if request.target.clock.now().timestamp() - int(made) > self.lifetime:
            raise Invalid(self.token, "range", token)
        return int(position)

    def _check(self, request: Request, named: str) -> str:
        kept = sorted((name, text) for name, text in _arguments(request).items() if name not in (self.token, self.size))
        said = f"{named}|{request.path}|{kept}".encode("utf-8", "replace")
        return f"{zlib.crc32(said):08x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumbers(Paging):
    """Pages have numbers, counted from 1: `page` asks for one, `next` (if any) holds the number of the next one.

    `pages` is the member of the body with the number of pages, `number` that with the page's own, `per_page` that with
    the number of rows that were asked for. With `as_text` the number of the next page is a text.
    """

    page: str
    next: str | None = None
    pages: str | None = None
    number: str | None = None
    per_page: str | None = None
    as_text: bool = False

    def start(self, request: Request, count: int) -> int:
        """The position of the page of this number."""
        return (self._number(request) - 1) * count

    def following(self, request: Request, start: int, count: int, total: int) -> Following:
        """The numbers of pages."""
        number = start // count + 1
        values = {self.pages: -(-total // count), self.number: number, self.per_page: count}
        if start + count < total:
            values[self.next] = str(number + 1) if self.as_text else number + 1  # type: ignore[assignment]  # one of both
        return Following(self.counted(total) | {name: value for name, value in values.items() if name}, {})

    def view(self, rows: str, filters: tuple[str, ...] = ()) -> ListView:
        """See Paging."""
        return ListView(rows=rows, total=self.total, next=self.next, filters=filters, page_parameter=self.page)

    def _number(self, request: Request) -> int:
        return max(1, read_number(self.page, request.argument(self.page) or "1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offsets(Paging):
    """`offset` names the 0-based first row; headers hold the total (`total_header`) and the links (RFC 8288)."""

    offset: str
    total_header: str | None = None
    links: bool = False

    def start(self, request: Request, count: int) -> int:
        """The position that the parameter names."""
        return read_number(self.offset, request.argument(self.offset) or "0")

    def following(self, request: Request, start: int, count: int, total: int) -> Following:
        """The headers with the total and the links to the first, previous, next and last page."""
        headers = {self.total_header: str(total)} if self.total_header else {}
        at = {
            "first": 0,
            "prev": max(0, start - count),
            "next": start + count,
            "last": (max(total, 1) - 1) // count * count,
        }
        useless = {"prev"} if start == 0 else set()
        useless |= {"next"} if start + count >= total else set()
        if self.links:
            links = (
                f'<{_url(request, {self.offset: str(n)})}>;rel="{rel}"' for rel, n in at.items() if rel not in useless
            )
            headers["Link"] = ",".join(links)
        return Following(self.counted(total), headers)

    def view(self, rows: str, filters: tuple[str, ...] = ()) -> ListView:
        """See Paging."""
        return ListView(rows=rows, total=self.total, filters=filters, start_parameter=self.offset, first=0)


def read_number(name: str, text: str, *, lowest: int = 0) -> int:
    """Return a whole number of a query parameter. Raises Invalid."""
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS) or int(text) < lowest:
        raise Invalid(name, "format", text)
    return int(text)


def _arguments(request: Request) -> dict[str, str]:
    return request.wsgi.args.to_dict()


def _url(request: Request, changes: Mapping[str, str]) -> str:
    """The absolute URL of the request with other parameters."""
    return f"{request.target.base_url}{request.path}?{urlencode({**_arguments(request), **changes})}"
