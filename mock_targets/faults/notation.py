"""How a fault is written on a command line: `NAME`, `NAME:ENTITY`, and after a blank `FIELD=VALUE` for parameters.

`filter.unsupported_400 filters_by=externalId` changes a fault of the catalogue; without a name the fields describe the
fault: `operation=user.update moment=partial keeps=0 patch_op=add times=null`. A value is JSON where the field is not a
text; a list may be written with commas, and one entry of an object as `headers.Retry-After=9`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from provcheck.mock_targets.faults import catalog
from provcheck.mock_targets.faults.description import flat_description
from provcheck.mock_targets.faults.fault import BadFault, Fault


def parse(text: str) -> Fault:
    """A fault as a command line gives it. Raises BadFault."""
    name, *parameters = _parts(text)
    description: dict[str, Any] = {}
    if name:
        description["fault"], colon, entity = name.partition(":")
        if colon:
            description["entity"] = entity
        if colon and not entity:
            raise BadFault(f"{text!r:.80} names no entity after the colon")
    for parameter in parameters:
        field, _, value = parameter.partition("=")
        word, _, key = field.partition(".")
        hint = get_type_hints(flat_description()).get(word)
        if key and get_origin(hint) is Mapping:
            description[word] = {**description.get(word, {}), key: _value(get_args(hint)[1], value)}
        else:
            description[field] = _value(hint, value)
    return catalog.read(description)


def _parts(text: str) -> Iterator[str]:
    """The name, which may be empty, then each `FIELD=VALUE`; a blank within a name or value belongs to it."""
    part = ""
    for word in text.strip().split(" "):
        field, equals, _ = word.partition("=")
        if equals and field.partition(".")[0].isidentifier():
            yield part.strip()
            part = word
        else:
            part = f"{part} {word}"
    yield part.strip()


def _value(hint: Any, text: str) -> Any:
    kinds = _kinds(hint)
    if str in kinds:
        return None if text == "null" and type(None) in kinds else text
    if tuple in kinds and not text.startswith("["):
        return [part for part in text.split(",") if part]
    try:
        return json.loads(text)
    except ValueError:
        return text


def _kinds(hint: Any) -> set[Any]:
    """The types that a field takes; that of a literal is text."""
    origin = get_origin(hint)
    if origin is Literal:
        return {str}
    if origin in (Union, UnionType):
        return {kind for each in get_args(hint) for kind in _kinds(each)}
    return {origin or hint}
