"""The reference of flags: for each target its flags with their sources, and its presets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

if TYPE_CHECKING:
    from provcheck.harness.testbed.catalog import TargetSpec

INTRODUCTION = """\
What each mock target permits and how it behaves. Set flags with `--set`, `PATCH /_control/targets/T/flags` or, in
tests, `scim_target.flags`. A preset is a named set of flags, some with faults. `provcheck list flags` prints them."""


def page() -> str:
    """The page of all targets."""
    from provcheck.harness.testbed.catalog import targets

    return markdown.page("Flags", INTRODUCTION, [tables(targets(), heading="##")])


def tables(targets: Iterable[TargetSpec], *, heading: str = "####") -> str:
    """For each target a heading, a table of its flags, and one of its presets. Ends with a line break."""
    return "\n".join(line for target in targets for line in _target(target, heading)).strip("\n") + "\n"


def plain(value: object) -> str:
    """A flag's value as a command line takes it."""
    words = {True: "true", False: "false", None: "null"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def changes(target: TargetSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a preset that differ from the flags' defaults."""
    defaults = {flag.name: flag.default for flag in target.flags}
    return {name: value for name, value in values.items() if defaults.get(name) != value}


def _target(target: TargetSpec, heading: str) -> Iterator[str]:
    yield from (f"{heading} `{target.name}`: {cell(target.title)}", "", f"Source: {cell(target.source)}", "")
    yield from table(("flag", "type", "default", "meaning", "source"), _flags(target))
    if target.profiles:
        rows = ((f"`{name}`", _changes(target, values)) for name, values in target.profiles.items())
        yield from table(("preset", "sets"), rows)


def _flags(target: TargetSpec) -> Iterator[tuple[str, ...]]:
    for flag in target.flags:
        kind = " or ".join(f"`{choice}`" for choice in flag.choices) or flag.type
        default = f"`{plain(flag.default)}`" if flag.default != "" else "empty"
        yield f"`{flag.name}`", kind, default, cell(flag.doc), cell(flag.source)


def _changes(target: TargetSpec, values: Mapping[str, Any]) -> str:
    found = changes(target, values)
    return ", ".join(f"`{name}={plain(value)}`" for name, value in found.items()) or "every flag at its default"
