"""Reads data from outside (JSON, TOML, keyword arguments) into plain dataclasses; one line says what does not fit.

Types are declared once, as annotations (`Literal`, `annotated_types.Ge` ...). pydantic, imported when something is read
for the first time, validates by them and derives their JSON Schema. Nothing is converted: "5" is not a number and 1 is
not true. A number without a fraction is whole however it is written (5.0), as in JSON Schema; NaN is not a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from reprlib import Repr
from typing import Any, TypeVar, cast

T = TypeVar("T")
Place = tuple[str | int, ...]
"""Keys and indexes that lead to a value: ("users", 0, "userName")."""


class BadInput(ValueError):
    """Data that does not fit its declaration; the message is one line: the place, what is expected, what was given."""


@dataclass(frozen=True, slots=True)
class Described:
    """Gives an annotated type a description in the JSON Schema: `Annotated[int, Described("Matches to skip")]`."""

    text: str

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core_schema), "description": self.text}


@dataclass(frozen=True, slots=True)
class OneOf:
    """Makes an annotated text one of some words, which are asked for when the declaration is used first."""

    words: Callable[[], Iterable[str]]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return {"type": "literal", "expected": list(self.words())}


def read(
    kind: type[T], data: object, what: str, *, error: type[ValueError] = BadInput, ignore_unknown: bool = False
) -> T:
    """The data as a value of a dataclass or of any other annotation.

    `what` names the whole in messages ("a fault", "people.json: user 1"). An undeclared key is refused with the nearest
    declared one, unless `ignore_unknown`. The message of a ValueError from a `__post_init__` is passed on.
    Raises `error` with one line.
    """
    validator, refusal = _validator(cast(Any, kind))
    extra = "ignore" if ignore_unknown else "forbid"
    try:
        return cast(T, validator.validate_python(data, extra=extra))
    except refusal as found:
        line = _line(found.errors(include_url=False), data, what, kind)
    except RecursionError:
        line = f"{what} nests too deeply"
    raise error(" ".join(line.split()))


def json_schema(kind: Any, *, ignore_unknown: bool = False, ref_template: str = "#/$defs/{model}") -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `read` takes, with its named parts under `$defs`."""
    from pydantic import TypeAdapter
    from pydantic.json_schema import GenerateJsonSchema

    class Generator(GenerateJsonSchema):
        """Without titles and defaults."""

        def field_title_should_be_set(self, schema: Any) -> bool:
            """No: a title would repeat the name."""
            return False

        def default_schema(self, schema: Any) -> dict[str, Any]:
            """The schema of the value alone."""
            return self.generate_inner(schema["schema"])

        def dataclass_schema(self, schema: Any) -> dict[str, Any]:
            """An object, closed unless unknown keys are ignored."""
            drawn = {key: value for key, value in super().dataclass_schema(schema).items() if key != "title"}
            return drawn if ignore_unknown else {**drawn, "additionalProperties": False}

    return TypeAdapter(kind).json_schema(schema_generator=Generator, ref_template=ref_template)


def nearest(name: str, known: Iterable[str]) -> str:
    """The names that were probably meant, as the end of a sentence; empty when none comes near."""
    names = {each.casefold(): each for each in known}
    wanted = name[:100].casefold()  # the comparison is quadratic
    near = [folded for folded in names if wanted and wanted in folded] + get_close_matches(wanted, names)
    found = [names[folded] for folded in dict.fromkeys(near)][:3]
    return f"; did you mean {' or '.join(found)}?" if found else ""


def shown(value: object) -> str:
    """A value as a message quotes it: on one line and short, whatever its size and depth; null, true and false."""
    return _Short().repr(value)


class _Short(Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother = 2, 80, 80

    def repr_int(self, x: int, level: int) -> str:
        return str(x) if x.bit_length() < 200 else "a number of many digits"  # Python refuses to write thousands

    def repr_bool(self, x: bool, level: int) -> str:  # noqa: FBT001 - called by reprlib
        return str(x).lower()

    def repr_NoneType(self, x: None, level: int) -> str:  # noqa: N802 - called by reprlib
        return "null"


@cache
def _validator(kind: Any) -> tuple[Any, Any]:
    """The validator of a declaration, and the error that it raises."""
    from pydantic import TypeAdapter
    from pydantic_core import SchemaValidator, ValidationError

    return SchemaValidator(_strict(TypeAdapter(kind).core_schema)), ValidationError


_INNER = frozenset(("schema", "items_schema", "keys_schema", "values_schema", "definitions", "fields", "choices"))
"""Keys under which a core schema holds other core schemas; the last two may also be tables of them."""


def _strict(node: Any) -> Any:
    """A core schema with strict numbers, texts and booleans.

    Strict mode as a whole would also refuse a list for a tuple and an object for a dataclass.
    """
    if isinstance(node, list | tuple):
        return type(node)(_strict(each) for each in node)
    if not isinstance(node, dict):
        return node
    made = {key: _strict(value) if key in _INNER else value for key, value in node.items()}
    match node.get("type"):
        case "str" if not node.keys() & {"min_length", "max_length", "pattern"}:
            return {"type": "is-instance", "cls": str, "cls_repr": "str"}  # takes lone surrogates, as JSON does
        case "str" | "bool":
            return {**made, "strict": True}
        case "float":
            return {**made, "strict": True, "allow_inf_nan": False}
        case "int":
            whole = {"type": "no-info", "function": _whole}
            return {"type": "function-before", "function": whole, "schema": {**made, "strict": True}}
        case str():
            return made
    return {name: _strict(value) for name, value in node.items()}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _line(errors: list[Any], data: Any, what: str, kind: Any) -> str:
    """The first error in words; where a value may have several forms, of the form that comes nearest."""
    found = [(error, *_place(error, data)) for error in errors]
    first, place, forms = found[0]
    if not forms:
        return _sentence(first, place, what, kind)
    union = forms[0][0]
    by_form: dict[object, list[tuple[Any, Place]]] = {}
    for error, there, labels in found:
        if labels and labels[0][0] == union:
            by_form.setdefault(labels[0][1], []).append((error, there))
    entered = [form for form in by_form.values() if all(at != union or e["type"] == "value_error" for e, at in form)]
    if entered:
        return _sentence(*min(entered, key=len)[0], what, kind)
    wanted = dict.fromkeys(_wanted(error) for form in by_form.values() for error, there in form if there == union)
    return f"{_subject(what, union)} is {' or '.join(wanted)}, not {shown(first['input'])}"


_MISSING = frozenset(("missing", "missing_argument", "missing_keyword_only_argument"))
_UNKNOWN = frozenset(("unexpected_keyword_argument", "extra_forbidden"))


def _place(error: Any, data: Any) -> tuple[Place, list[tuple[Place, str | int]]]:
    """Where in the data an error is, and the names of the union forms on the way, each with its own place."""
    place: Place = ()
    forms: list[tuple[Place, str | int]] = []
    for number, step in enumerate(error["loc"], start=1):
        if number == len(error["loc"]) and error["type"] in _MISSING:
            place = (*place, step)
        elif (isinstance(data, Mapping) and step in data) or (isinstance(data, list | tuple) and isinstance(step, int)):
            place, data = (*place, step), data[step]
        else:
            forms.append((place, step))
    return place, forms


def _sentence(error: Any, place: Place, what: str, kind: Any) -> str:
    if error["type"] in _MISSING:
        return f"{_subject(what, place[:-1])} needs {place[-1]}"
    if error["type"] in _UNKNOWN:
        schema = json_schema(kind)
        known = _keys(schema, place[:-1], schema.get("$defs", {}))
        hint = nearest(str(place[-1]), known) or f"; it has {', '.join(known)}"
        return f"{_subject(what, place[:-1])} has no {shown(place[-1])}{hint}"
    if error["type"] == "value_error":
        return f"{_subject(what, place)}: {error['ctx']['error']}" if place else str(error["ctx"]["error"])
    line = f"{_subject(what, place)} is {_wanted(error)}, not {shown(error['input'])}"
    return line + (nearest(error["input"], _choices(error)) if isinstance(error["input"], str) else "")


def _choices(error: Any) -> list[str]:
    """The texts that an error says are allowed."""
    return re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))


def _subject(what: str, place: Place) -> str:
    """`a fault: headers.Retry-After`, `a seed: users[0].userName`."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{_printed(step[:100])}" for step in place)
    return f"{what}: {path.removeprefix('.')}" if path else what


def _printed(key: str) -> str:
    return key if key.isprintable() else shown(key)


def _keys(schema: Any, place: Place, named: Mapping[str, Any]) -> list[str]:
    """The keys that the object at a place may have, of all its forms."""
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    forms = [key for form in schema.get("anyOf", schema.get("oneOf", ())) for key in _keys(form, place, named)]
    properties = schema.get("properties", {})
    if not place:
        return list(dict.fromkeys([*properties, *forms]))
    inner = properties.get(place[0], schema.get("items" if isinstance(place[0], int) else "additionalProperties"))
    return forms + (_keys(inner, place[1:], named) if isinstance(inner, dict) else [])


def _wanted(error: Any) -> str:
    """What an error says is expected."""
    kind, context = error["type"], {name: _whole(value) for name, value in error.get("ctx", {}).items()}
    if kind in ("literal_error", "enum"):
        choices = _choices(error) or [str(context["expected"])]
        return f"one of {', '.join(choices[:_MOST_CHOICES])}{', ...' if choices[_MOST_CHOICES:] else ''}"
    if context.get("min_length") == 1:
        return "a text that is not empty" if kind == "string_too_short" else "a list that is not empty"
    return _WORDS[kind].format(**context) if kind in _WORDS else error["msg"].removeprefix("Input should be ")


_MOST_CHOICES = 12
"""Choices that a message lists; the nearest one follows in any case."""
_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("is_instance_of", "string_type", "invalid_key"), "a text"),
    "string_unicode": "a text of valid Unicode",
    "int_type": "a whole number",
    "bool_type": "true or false",
    **dict.fromkeys(("float_type", "finite_number"), "a number"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type"), "a list"),
    **dict.fromkeys(("dict_type", "mapping_type", "dataclass_type"), "an object"),
    "none_required": "null",
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "string_too_short": "a text of at least {min_length} characters",
    "string_pattern_mismatch": "a text that matches {pattern}",
    "too_short": "a list of at least {min_length} items",
}
