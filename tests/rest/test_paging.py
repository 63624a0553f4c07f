"""Paging styles: the pages of a list, one after another, give every row once."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WsgiRequest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.rest.errors import Invalid
from provcheck.mock_targets.rest.paging import Offsets, PageNumbers, PageTokens

CLOCK = VirtualClock()
TARGET = SimpleNamespace(clock=CLOCK, base_url="http://mock")
TOKENS = PageTokens(size="limit", default=2, most=3, refuses_more=True, token="token", next="next")
LINKS = PageTokens(size="top", default=2, most=3, token="skip", next="nextLink", as_link=True)
NUMBERS = PageNumbers(size="size", default=2, most=3, page="page", next="next", pages="pages", total="total")
OFFSETS = Offsets(size="limit", default=2, most=3, offset="offset", total_header="X-Total", links=True)


def request(**query: str):
    wsgi = WsgiRequest(EnvironBuilder("/people", query_string=query).get_environ())
    return SimpleNamespace(wsgi=wsgi, argument=wsgi.args.get, target=TARGET, path="/people")


def pages(paging, total: int, step) -> list[range]:
    """The rows of every page, followed from the first."""
    query, found = {"q": "x"}, []
    while query is not None and len(found) < 10:
        asked = request(**query)
        count = paging.count(asked)
        start = paging.start(asked, count)
        found.append(range(start, min(start + count, total)))
        query = step(query, paging.following(asked, start, count, total))
    return found


def _by_token(query, following):
    return {**query, "token": following.body["next"]} if "next" in following.body else None


def _by_link(query, following):
    link = following.body.get("nextLink")
    return link and {name: each[0] for name, each in parse_qs(urlsplit(link).query).items()}


def _by_number(query, following):
    return {**query, "page": str(following.body["next"])} if "next" in following.body else None


def _by_header(query, following):
    found = re.search(r'<([^>]*)>;rel="next"', following.headers["Link"])
    return found and {name: each[0] for name, each in parse_qs(urlsplit(found[1]).query).items()}


@pytest.mark.parametrize(
    ("paging", "step"), [(TOKENS, _by_token), (LINKS, _by_link), (NUMBERS, _by_number), (OFFSETS, _by_header)]
)
@pytest.mark.parametrize("total", [0, 1, 2, 5])
def test_pages_give_every_row_once(paging, step, total):
    found = pages(paging, total, step)
    assert [row for page in found for row in page] == list(range(total))
    assert len(found) == max(1, -(-total // 2))


def test_the_totals_and_numbers_are_stated():
    asked = request(page="2")
    assert NUMBERS.following(asked, 2, 2, 5).body == {"total": 5, "pages": 3, "next": 3}
    headers = OFFSETS.following(request(offset="2"), 2, 2, 5).headers
    assert headers["X-Total"] == "5"
    assert re.findall(r'rel="(\w+)"', headers["Link"]) == ["first", "prev", "next", "last"]


@pytest.mark.parametrize("text", ["0", "-1", "x", "9" * 30, "٣", "4"])
def test_a_size_that_is_no_number_or_too_large_is_refused(text):
    with pytest.raises(Invalid):
        TOKENS.count(request(limit=text))


def test_a_large_size_is_cut_where_it_is_not_refused():
    assert NUMBERS.count(request(size="99")) == 3


def test_a_token_is_good_for_its_query_and_for_its_time():
    token = TOKENS.following(request(q="x"), 0, 2, 5).body["next"]
    assert TOKENS.start(request(q="x", token=token), 2) == 2
    assert TOKENS.start(request(q="x", token=token, limit="3"), 2) == 2
    for query in ({"q": "y", "token": token}, {"q": "x", "token": token[:-2]}, {"q": "x", "token": "ünfug"}):
        with pytest.raises(Invalid):
            TOKENS.start(request(**query), 2)
    CLOCK.sleep(timedelta(days=3, seconds=1).total_seconds())
    with pytest.raises(Invalid):
        TOKENS.start(request(q="x", token=token), 2)
