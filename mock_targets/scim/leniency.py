"""What is accepted beyond the RFC: one switch for each habit of real identity providers.

A switch says what a client may send, and its text says what is then done with it. None of them changes what a client
that keeps to the RFC sees. All are off by default, save those that the RFC itself asks for.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def _switch(doc: str) -> Any:
    return field(default=False, metadata={"doc": doc})


def _rule(doc: str, source: str) -> Any:
    """A switch that is on by default, because the RFC asks for it."""
    return field(default=True, metadata={"doc": doc, "source": source})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """Which departures from RFC 7643 and 7644 are understood. `descriptions()` gives the text of each switch."""

    any_case_operations: bool = _switch("operation names in any case (`Add`, `REPLACE`)")
    any_case_keys: bool = _switch("the words of a PATCH message in any case (`operations`, `Op`, `Path`, `Value`)")
    loose_patch_schemas: bool = _switch("a PATCH message whose `schemas` is missing, misspelt in case or another URN")
    empty_operations: bool = _switch("a PATCH message without any operation changes nothing")
    empty_path: bool = _switch('an empty `path` ("", "/") counts as no path; a leading slash is taken off')
    loose_quotes: bool = _switch(
        "a path filter with single quotes, or none, around its string (`members[value eq 2819c]`)"
    )
    json_string_values: bool = _switch("an operation without path whose `value` is JSON written as a string")
    dotted_keys: bool = _switch(
        "paths as keys of a value object (`name.givenName`, URN:attribute, `emails[...].value`)"
    )
    string_booleans: bool = _switch('booleans as strings ("True", "false")')
    loose_types: bool = _switch("numbers and booleans where a string belongs, numbers written as strings")
    bare_complex_values: bool = _switch(
        "a bare string for a complex value: it is its `value` (manager, emails, members)"
    )
    single_for_list: bool = _switch("one value where a list belongs")
    list_for_single: bool = _switch("a list of one where a single value belongs; an empty list clears it")
    value_objects: bool = _switch('`{"value": x}` where a plain value x belongs')
    clears_with_empty_string: bool = _switch("an empty string clears an attribute")
    creates_missing_values: bool = _switch(
        "add or replace on a value path without a match makes the value it describes"
    )
    remove_with_value: bool = _switch("`remove` with a `value` removes just the values it lists")
    remove_absent: bool = _switch("removing a value that is not there changes nothing")
    ignores_read_only: bool = _switch("read-only attributes in a PATCH (`id`, `meta`) are ignored")
    ignores_unknown_attributes: bool = _switch(
        "attributes that no schema has are ignored in a body; a path to one is refused"
    )
    ignores_unknown_patch_members: bool = _rule(
        "members of a PATCH operation beside `op`, `path` and `value` (`name`) are ignored",
        "RFC 6902 section 4, on which RFC 7644 section 3.5.2 is based",
    )
    merges_duplicate_values: bool = _rule(
        "values of one attribute that agree in `value` and `type` become one",
        "RFC 7643 section 2.4: the same pair should not be returned more than once",
    )
    single_quoted_filter_values: bool = _switch("a query filter whose texts are in single quotes (`userName eq 'ada'`)")
    unquoted_filter_values: bool = _switch("a query filter whose texts have no quotes (`userName eq ada`)")
    short_extension_names: bool = _switch(
        "an attribute of an extension in a query filter without its URN (`manager eq ...`)"
    )
    dotted_extension_paths: bool = _switch(
        "an attribute of an extension behind a dot instead of a colon (`URN.employeeNumber`)"
    )
    member_extras: bool = _switch("members with sub-attributes that no schema has (`displayName`, `email`)")
    member_references: bool = _switch("members named by `$ref` or `id` alone")
    foreign_schemas: bool = _switch("URNs that no schema has, in `schemas`, as a key or in a path, are ignored")
    missing_schemas: bool = _switch("a resource whose `schemas` is missing or lacks the core URN")

    @classmethod
    def everything(cls) -> Leniency:
        """Every switch on."""
        return cls(**{option.name: True for option in fields(cls)})


RFC = Leniency()
"""Nothing beyond the RFC."""


def descriptions() -> dict[str, str]:
    """What each switch that is off by default accepts, by its name."""
    return {option.name: option.metadata["doc"] for option in fields(Leniency) if not option.default}


def rules() -> dict[str, tuple[str, str]]:
    """What each switch that is on by default does, and the source that asks for it, by its name."""
    on = (option for option in fields(Leniency) if option.default)
    return {option.name: (option.metadata["doc"], option.metadata["source"]) for option in on}
