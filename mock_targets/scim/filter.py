"""SCIM filters, ready to run: the grammar's tree compiled against a schema (RFC 7644 section 3.4.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product

from provcheck.mock_targets.query.compile import Filter, compile_query
from provcheck.mock_targets.query.errors import BadQuery, SensitiveQuery
from provcheck.mock_targets.query.text import well_formed
from provcheck.mock_targets.query.tree import Comparison, Query, renamed
from provcheck.mock_targets.scim.errors import InvalidFilter, Sensitive
from provcheck.mock_targets.scim.grammar import STRICT, Grammar
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.short_cache import cached_if_short

MAX_LENGTH = 8192
"""Longest filter that is read, in characters."""


def compile_filter(
    text: str,
    schema: ResourceSchema,
    *,
    strict: bool = True,
    grammar: Grammar = STRICT,
    rename: Callable[[str, ResourceSchema], str] | None = None,
) -> Filter:
    """Read a filter for one kind of resource.

    Under `strict` an attribute that no schema has is refused; otherwise a comparison with it is false (RFC 7644
    section 3.4.2.1). `rename` turns attribute paths as clients give them into those of the schema. Raises
    InvalidFilter and Sensitive.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidFilter(f"the filter is longer than {MAX_LENGTH} characters", flaw="too_large")
    return _compile(text, schema, strict, grammar, rename)


def compile_filters(text: str, schemas: Iterable[ResourceSchema], *, grammar: Grammar = STRICT) -> dict[str, Filter]:
    """Read a filter for a query over several kinds: an attribute must be known to one of them at least."""
    filters = {schema.kind: compile_filter(text, schema, strict=False, grammar=grammar) for schema in schemas}
    unknown = frozenset.intersection(*(found.unknown for found in filters.values()))
    if unknown:
        raise InvalidFilter(f"no schema has the attribute {min(unknown)}")
    return filters


def parse_filter(text: str, grammar: Grammar = STRICT) -> Query:
    """The tree of a filter. Raises InvalidFilter."""
    if len(text) > MAX_LENGTH:
        raise InvalidFilter(f"the filter is longer than {MAX_LENGTH} characters", flaw="too_large")
    if not well_formed(text):
        raise InvalidFilter("the filter is not valid Unicode")
    with invalid_filter():
        return _simple(text) or grammar.filter(text)


def _simple(text: str) -> Query | None:
    """The filter that nearly every client sends, read without the grammar: one name, eq, one text without escapes."""
    name, eq, rest = text.partition(' eq "')
    value = rest[:-1]
    if not eq or not name.isalnum() or not name.isascii() or not name[0].isalpha() or rest[-1:] != '"':
        return None
    is_plain = '"' not in value and "\\" not in value and value.isprintable()
    return Comparison(name, "eq", value) if is_plain else None


def qualified(path: str, schema: ResourceSchema) -> str:
    """The path with the URN of the extension that has the attribute, where the core schema has none of this name."""
    if schema.locate(path) is None:
        for extension in schema.extensions:
            if schema.locate(f"{extension.urn}:{path}") is not None:
                return f"{extension.urn}:{path}"
    return path


def grammar_of(leniency: Leniency) -> Grammar:
    """The grammar of the filters that are read under a leniency."""
    return _GRAMMARS[leniency.single_quoted_filter_values, leniency.unquoted_filter_values]


_GRAMMARS = {
    quotes: Grammar(single_quotes=quotes[0], bare_values=quotes[1]) for quotes in product((False, True), repeat=2)
}


@contextmanager
def invalid_filter() -> Iterator[None]:
    """Tells what is wrong with a query in SCIM's words. Raises InvalidFilter and Sensitive."""
    try:
        yield
    except SensitiveQuery as error:
        raise Sensitive(error.detail) from None
    except BadQuery as error:
        prefix = "" if error.flaw in ("attribute", "comparison") else "the filter cannot be read: "
        raise InvalidFilter(prefix + error.detail, flaw=error.flaw) from None


@cached_if_short(maxsize=512)
def _compile(
    text: str,
    schema: ResourceSchema,
    strict: bool,  # noqa: FBT001  # a cache key is positional
    grammar: Grammar,
    rename: Callable[[str, ResourceSchema], str] | None,
) -> Filter:
    query = parse_filter(text, grammar)
    if rename is not None:
        query = renamed(query, lambda path: rename(path, schema))
    with invalid_filter():
        return compile_query(query, schema, text=text, strict=strict)
