"""Data from outside becomes plain values, or one line that says where it does not fit."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Ge, Le, MinLen
from jsonschema import Draft202012Validator

from provcheck.harness.model import reading
from provcheck.mock_targets import reading as reading_of_the_mock


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit."""

    seconds: Annotated[float, Ge(0), Le(60), reading.Described("How long")]
    strict: bool = False

    def __post_init__(self) -> None:
        if self.seconds == 13:
            raise ValueError("13 seconds\nbring bad luck")


@dataclass(frozen=True, slots=True)
class Thing:
    name: Annotated[str, MinLen(1)]
    tags: tuple[str, ...] = ()
    limit: Limit | None = None
    limits: tuple[Limit, ...] = ()
    by_name: Mapping[str, Limit] = field(default_factory=dict)
    colour: Colour = Colour.RED
    mode: Literal["before", "after"] = "before"
    count: int = 0
    either: int | str | Limit = 0
    anything: Any = None
    title: str = ""


def deep(levels: int) -> list[Any]:
    made: list[Any] = []
    for _ in range(levels):
        made = [made]
    return made


def test_data_become_plain_values() -> None:
    data = {"name": "a", "tags": ["x"], "limit": {"seconds": 1}, "colour": "green", "either": {"seconds": 2.5}}
    assert reading.read(Thing, data, "a thing") == Thing(
        "a", ("x",), Limit(1.0), colour=Colour.GREEN, either=Limit(2.5)
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (5, "a thing is an object, not 5"),
        (None, "a thing is an object, not null"),
        ({}, "a thing needs name"),
        ({"name": ""}, "a thing: name is a text that is not empty, not ''"),
        ({"title": 5}, "a thing needs name"),
        ({"name": "a", "title": True}, "a thing: title is a text, not true"),
        ({"name": "a", "tags": "x"}, "a thing: tags is a list, not 'x'"),
        ({"name": "a", "tags": ["x", None]}, "a thing: tags[1] is a text, not null"),
        ({"name": "a", "nmae": 1}, "a thing has no 'nmae'; did you mean name?"),
        ({"name": "a", "limit": {}}, "a thing: limit needs seconds"),
        ({"name": "a", "limit": {"seconds": -1}}, "a thing: limit.seconds is at least 0, not -1"),
        ({"name": "a", "limit": {"seconds": "1"}}, "a thing: limit.seconds is a number, not '1'"),
        ({"name": "a", "limit": {"seconds": float("nan")}}, "a thing: limit.seconds is a number, not nan"),
        ({"name": "a", "limit": {"seconds": 13}}, "a thing: limit: 13 seconds bring bad luck"),
        (
            {"name": "a", "limits": [{"seconds": 1, "hard": 1}]},
            "a thing: limits[0] has no 'hard'; it has seconds, strict",
        ),
        ({"name": "a", "by_name": {"x": {"second": 1}}}, "a thing: by_name.x needs seconds"),
        (
            {"name": "a", "by_name": {"x": {"seconds": 1, "strikt": 1}}},
            "a thing: by_name.x has no 'strikt'; did you mean strict?",
        ),
        ({"name": "a", "colour": "gren"}, "a thing: colour is one of red, green, not 'gren'; did you mean green?"),
        ({"name": "a", "mode": "never"}, "a thing: mode is one of before, after, not 'never'"),
        ({"name": "a", "count": 1.5}, "a thing: count is a whole number, not 1.5"),
        ({"name": "a", "count": True}, "a thing: count is a whole number, not true"),
        ({"name": "a", "limit": {"seconds": 1, "strict": 1}}, "a thing: limit.strict is true or false, not 1"),
        ({"name": "a", "either": []}, "a thing: either is a whole number or a text or an object, not []"),
        ({"name": "a", "either": {"seconds": 99}}, "a thing: either.seconds is at most 60, not 99"),
        ({"name": "a", "either": {"seconds": 13}}, "a thing: either: 13 seconds bring bad luck"),
        (
            {"name": "a", "either": {"seconds": 1, "strickt": 1}},
            "a thing: either has no 'strickt'; did you mean strict?",
        ),
    ],
)
def test_what_does_not_fit_is_one_line_with_its_place(data: object, line: str) -> None:
    with pytest.raises(reading.BadInput) as refusal:
        reading.read(Thing, data, "a thing")
    assert str(refusal.value) == line


@pytest.mark.parametrize(
    "data",
    [
        {"name": deep(100_000)},
        {"name": "a", "tags": deep(100_000)},
        {"name": 10**5000},
        {"name": "a", "limit": {"seconds": 10**5000}},
        {"name": "\ud800"},
        {"\ud800" * 10_000: 1, "name": "a"},
        {"n" * 1_000_000: 1, "name": "a"},
        {"name": "a", "tags": [1] * 100_000},
        {"name": "a", "by_name": {"n" * 1_000_000: 1}},
        {1: 2, "name": "a"},
        {"name": "a", "by_name": {"\x1b[2J\ud800\n": 1}},
    ],
)
def test_hostile_data_are_refused_in_a_short_line(data: object) -> None:
    with pytest.raises(reading.BadInput) as refusal:
        reading.read(Thing, data, "a thing")
    assert len(str(refusal.value)) < 300
    assert str(refusal.value).isprintable()


def test_a_number_without_a_fraction_is_whole_and_any_text_is_a_text() -> None:
    read = reading.read(Thing, {"name": "a", "count": 5.0, "title": "\ud800", "anything": deep(50)}, "a thing")
    assert (read.count, read.title) == (5, "\ud800")


def test_the_error_is_of_the_kind_that_the_caller_raises() -> None:
    class BadThing(ValueError):
        """Refused."""

    with pytest.raises(BadThing, match="a thing needs name"):
        reading.read(Thing, {}, "a thing", error=BadThing)


def test_unknown_keys_are_ignored_where_that_is_agreed() -> None:
    data = {"name": "a", "more": 1, "limit": {"seconds": 1, "more": 1}}
    assert reading.read(Thing, data, "a thing", ignore_unknown=True) == Thing("a", limit=Limit(1))


def test_the_json_schema_says_what_is_read() -> None:
    closed, opened = reading.json_schema(Thing), reading.json_schema(Thing, ignore_unknown=True)
    Draft202012Validator.check_schema(closed)
    assert closed["$defs"]["Limit"]["properties"]["seconds"] == {
        "type": "number",
        "minimum": 0,
        "maximum": 60,
        "description": "How long",
    }
    assert closed["properties"]["mode"] == {"type": "string", "enum": ["before", "after"]}
    assert (closed["required"], closed["additionalProperties"]) == (["name"], False)
    assert "additionalProperties" not in opened


def test_both_sides_read_alike_and_neither_imports_the_other() -> None:
    assert inspect.getsource(reading) == inspect.getsource(reading_of_the_mock)


def test_starting_a_server_loads_no_pydantic_by_itself() -> None:
    """Only scim2_models, on which some targets stand, may load it."""
    program = """
import sys, traceback
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "pydantic":
            importers = [frame.filename for frame in traceback.extract_stack() if "importlib" not in frame.filename]
            assert "scim2_models" in "".join(importers[-3:]), importers
sys.meta_path.insert(0, Watch())
from provcheck.mock_targets.commands import serve
from provcheck.mock_targets.environment import Environment
Environment()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
