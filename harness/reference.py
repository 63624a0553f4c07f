"""The reference of all flags, made from their declarations.

`python -m provcheck.harness.reference README.md` writes it anew.
It stands between two markers, and a test compares it with what is declared.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provcheck.harness.testbed.catalog import TargetSpec

BEGIN, END = "<!-- flags -->", "<!-- /flags -->"


class NoMarkers(ValueError):
    """The page does not have both markers, once each and in their order."""


def markdown(targets: Iterable[TargetSpec]) -> str:
    """The reference: for each target a table of its flags, and its profiles. Ends with a line break."""
    return "\n".join(line for target in targets for line in _target(target)).strip("\n") + "\n"


def between(page: str) -> str:
    """What stands between the markers of a page. Raises NoMarkers."""
    before, begin, rest = page.partition(BEGIN)
    inner, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        raise NoMarkers(f"a page has {BEGIN} and {END} once each, in this order")
    return inner


def refreshed(page: str, reference: str) -> str:
    """The page with the reference between its markers. Raises NoMarkers."""
    between(page)
    head, tail = page.partition(BEGIN)[0], page.partition(END)[2]
    return f"{head}{BEGIN}\n\n{reference}\n{END}{tail}"


def plain(value: object) -> str:
    """A flag's value as a command line takes it."""
    words = {True: "true", False: "false", None: "null"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def cell(text: str) -> str:
    """Text that cannot break out of a table, nor be read as HTML."""
    return " ".join(text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").split())


def changes(target: TargetSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a profile that differ from the flags' defaults."""
    defaults = {flag.name: flag.default for flag in target.flags}
    return {name: value for name, value in values.items() if defaults.get(name) != value}


def _target(target: TargetSpec) -> Iterator[str]:
    yield from (f"#### `{target.name}`: {cell(target.title)}", "", f"Source: {cell(target.source)}", "")
    yield from ("| flag | type | default | meaning | source |", "| --- | --- | --- | --- | --- |")
    for flag in target.flags:
        kind = " or ".join(f"`{choice}`" for choice in flag.choices) or flag.type
        default = f"`{plain(flag.default)}`" if flag.default != "" else "empty"
        yield f"| `{flag.name}` | {kind} | {default} | {cell(flag.doc)} | {cell(flag.source)} |"
    yield ""
    if target.profiles:
        yield from ("| profile | sets |", "| --- | --- |")
        yield from (f"| `{name}` | {_changes(target, values)} |" for name, values in target.profiles.items())
        yield ""


def _changes(target: TargetSpec, values: Mapping[str, Any]) -> str:
    found = changes(target, values)
    return ", ".join(f"`{name}={plain(value)}`" for name, value in found.items()) or "every flag at its default"


def main(arguments: list[str]) -> int:
    """Write the reference into the page that is named. 0 if all went well, 2 if not."""
    from provcheck.harness.testbed.catalog import targets

    try:
        (name,) = arguments
        page = Path(name)
        page.write_text(refreshed(page.read_text(encoding="utf-8"), markdown(targets())), encoding="utf-8")
    except (ValueError, OSError) as error:
        sys.stderr.write(f"usage: python -m provcheck.harness.reference README.md ({error})\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
