"""No reader of foreign text costs more than n log n: every compiled pattern, and every function that reads."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache, partial
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from provcheck.harness.adapters import last_words
from provcheck.harness.lint.exchange import read_exchange
from provcheck.harness.model.redaction import Redactor
from provcheck.harness.model.rule import BadRule, UserFilter
from provcheck.harness.report import annotations, citations, markdown, text
from provcheck.harness.vendors import linter
from provcheck.harness.watch.tally import tally
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http import json as strict_json
from provcheck.mock_targets.http.errors import WireError
from provcheck.mock_targets.journal import redaction
from provcheck.mock_targets.query import encoded_query, odata, soql
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.scim import facts
from provcheck.mock_targets.scim.grammar import Grammar
from provcheck.mock_targets.scim.paths import with_quotes
from provcheck.mock_targets.scim.precondition import _tags
from tests.fuzz.growth import Reader, steep

TOP = Path(__file__).resolve().parents[2]
PARTS = (
    *("a", "1", " ", '"', '\\"', "\\", "'", ".", ":", "-", "_", "/", "[", "]", "(", ")", "{", "}", "<", ">", "=", "&"),
    *(",", ";", "%", "%41", "token", "token=", '"token"', '"token":', '"token":"', "a ", "a=", "a=1&", '"a"', '"a",'),
    *(
        "W/",
        ' W/"a"',
        "a,",
        "a eq ",
        'a eq "',
        'a eq "b" and ',
        "not (",
        "a[",
        "urn:a:",
        "\\u0074",
        "bearer ",
        "<token",
    ),
    *("primary eq ", "members[value eq ", "name.a", "@", "#", "\t", "\u00e9", "\u1f600", "a\n", "[{", '{"a":'),
)
BEGINNINGS = ("", '{"', "a eq ", "a=1&")


@cache
def patterns() -> list[tuple[str, re.Pattern[Any], frozenset[str]]]:
    """Every pattern in the sources: where it stands, and the methods that are called on it."""
    return [
        each
        for folder in ("mock_targets", "harness")
        for path in sorted((TOP / folder).rglob("*.py"))
        for each in patterns_of(path)
    ]


def patterns_of(path: Path) -> Iterator[tuple[str, re.Pattern[Any], frozenset[str]]]:
    tree, place = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(TOP)
    module = import_module("provcheck." + ".".join(place.with_suffix("").parts).removesuffix(".__init__"))
    used: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        if isinstance(owner, ast.Name):
            used.setdefault(owner.id, set()).add(node.func.attr)
        if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr != "compile" and node.args:
            pattern = node.args[0]
            if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
                flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else re.NOFLAG
                yield f"{place}:{node.lineno}", re.compile(pattern.value, flags), frozenset({node.func.attr})
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern):
            own = used.get(name, set()) & {"match", "fullmatch"}
            only = own if own and own == used.get(name) else {"finditer"}
            yield f"{place}: {name}", value, frozenset(only)


def reader_of(pattern: re.Pattern[Any], methods: frozenset[str]) -> Reader:
    """Searches a text as the sources do."""
    anchored = methods <= {"match", "fullmatch"}
    encoded = isinstance(pattern.pattern, bytes)

    def read(text: str) -> object:
        given: Any = text.encode() if encoded else text
        if anchored:
            return [getattr(pattern, method)(given) for method in methods]
        return sum(1 for _ in pattern.finditer(given))

    return read


def words_of(pattern: re.Pattern[Any]) -> list[str]:
    """What a text must hold for a pattern to look at it at all: its own words."""
    source = pattern.pattern.decode() if isinstance(pattern.pattern, bytes) else pattern.pattern
    return list(dict.fromkeys(re.findall(r"[a-z]{2,}", re.sub(r"\\.", " ", source))))[:6]


def test_every_pattern_of_the_project_is_linear() -> None:
    found = []
    for place, pattern, methods in patterns():
        reader, words = reader_of(pattern, methods), words_of(pattern)
        parts = (*PARTS, *words, *(f"{word} " for word in words))
        for before in ("", *(f"{word} " for word in words[:2])):
            found += [f"{place}: {how}" for part in parts if (how := steep(reader, before, part, "\x00"))]
    assert len(patterns()) > 40
    assert not found


@cache
def environment() -> Environment:
    return Environment(token="growth-token")


def request(target: str, path: str, *, query: str = "", body: bytes = b"", **headers: str) -> None:
    """One request to a target, without a socket."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": None,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/scim+json",
        "HTTP_AUTHORIZATION": "Bearer growth-token",
        "HTTP_HOST": "localhost",
        **headers,
    }
    for _ in environment()(environ | {"PATH_INFO": f"/{target}" + environ["PATH_INFO"]}, lambda *_: None):
        pass
    if target in environment().targets:
        environment().target(target).journal.clear()


def quiet(read: Reader, *errors: type[Exception]) -> Reader:
    """The reader; what it refuses is none of this test's business."""

    def reading(text: str) -> object:
        try:
            return read(text)
        except errors:
            return None

    return reading


def linted(place: str, text: str) -> object:
    """Lint one exchange with this text somewhere in it."""
    path = "/v2/Users" + (text if place == "path" else "")
    body = {
        "filter": json.dumps({"filter": text}),
        "patch": _patch(text),
        "body": text,
        "member": json.dumps({"members": [text]}),
    }
    entry = {
        "seq": 1,
        "method": "PATCH" if place == "patch" else "POST",
        "status": 200,
        "operation": "user.list",
        "path": f"{path}/1" if place == "patch" else f"{path}/.search" if place == "filter" else path,
        "query": text if place == "query" else f"filter={text}" if place == "filtered" else "",
        "request": {"headers": {"Accept": text if place == "header" else "*/*"}, "body": body.get(place, "")},
        "response": {
            "headers": {"Retry-After": text if place == "header" else "1"},
            "body": text if place == "answer" else "",
        },
    }
    tally([entry], {})
    return linter().lint([read_exchange(entry)])


def _patch(path: str) -> str:
    return json.dumps({"Operations": [{"op": "add", "path": path, "value": path}]})


LENIENT = Grammar(single_quotes=True, bare_values=True)
READERS: dict[str, Reader] = {
    "redact_body": lambda text: redaction.redact_body(text.encode(), ("known",)),
    "redact_text": lambda text: redaction.redact_text(text, ("known",)),
    "redact_query": lambda text: redaction.redact_query(text, ("known",)),
    "last words": lambda text: last_words.excerpt([text, *text.split()]),
    "frames of a stack trace": annotations._place,
    "redaction of the harness": Redactor(["known"]).text,
    "redact_header": lambda text: redaction.redact_headers({text: text}, ("known",)),
    "If-Match": _tags,
    "filter": quiet(Grammar().filter, BadQuery),
    "lenient filter": quiet(LENIENT.filter, BadQuery),
    "OData filter": quiet(odata.read_filter, BadQuery),
    "OData order": quiet(odata.read_order, BadQuery),
    "SOQL": quiet(soql.read_statement, BadQuery),
    "SOQL condition": quiet(lambda text: soql.read_statement(f"SELECT Id FROM User WHERE {text}"), BadQuery),
    "encoded query": quiet(encoded_query.read_query, BadQuery),
    "path": quiet(Grammar().path, BadQuery),
    "loose path": with_quotes,
    "words of a filter": facts.read_filtering,
    "strict JSON": quiet(lambda text: strict_json.read(text.encode()), WireError),
    "user filter": quiet(UserFilter.parse, BadRule),
    "printable": text.printable,
    "citation": lambda text: list(citations.parts(text)),
    "Markdown": markdown.escaped,
    **{
        f"lint: {place}": partial(linted, place)
        for place in ("query", "filtered", "filter", "patch", "body", "path", "header", "answer", "member")
    },
}


@pytest.mark.parametrize("name", READERS)
def test_every_reader_of_foreign_text_is_linear(name: str) -> None:
    reader = READERS[name]
    assert not [how for before in BEGINNINGS for part in PARTS if (how := steep(reader, before, part))]


@pytest.mark.parametrize("target", [*environment().names, "_control"])
def test_a_request_costs_a_target_no_more_than_its_length(target: str) -> None:
    readers: dict[str, Reader] = {
        "path": lambda text: request(target, f"/v2/{text}"),
        "query": lambda text: request(target, "/v2/Users", query=text),
        "filter": lambda text: request(target, "/v2/Users", query=f"filter={text}"),
        "header": lambda text: request(
            target, "/v2/Users", HTTP_IF_MATCH=text, HTTP_IF_NONE_MATCH=text, HTTP_ACCEPT=text
        ),
        "body": lambda text: request(target, "/v2/Users", body=text.encode()),
        "type": lambda text: request(target, "/v2/Users", body=b"{}", CONTENT_TYPE=text),
    }
    parts = ("token", '"', '\\"', "a eq ", "&token", " ", "[", "(", ",", "/", '"a",', "%41", ";a=")
    found = [
        f"{where}: {how}" for where, reader in readers.items() for part in parts if (how := steep(reader, '{"', part))
    ]
    assert not found
