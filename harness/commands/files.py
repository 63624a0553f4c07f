"""The files and seconds that options name: no command writes over a file that it reads or writes by another option.

Every command that writes files is a `FileCommand`. A file is known by itself, not by how its path is spelt.
"""

from __future__ import annotations

import math
import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from provcheck.harness.errors import Refused

Paths = Callable[[Any], Iterator[str]]

LONGEST = 86_400.0
"""Seconds that an option may ask for at most: a day."""


def _one(value: Any) -> Iterator[str]:
    yield str(value)


def _several(value: Any) -> Iterator[str]:
    yield from map(str, value)


def _words(value: str) -> Iterator[str]:
    """The words of a command, some of which are files."""
    try:
        yield from shlex.split(value)
    except ValueError:
        return  # the command is refused where it is read


def _schemas(value: Any) -> Iterator[str]:
    for text in value:
        yield text
        yield text.rpartition(":")[0] or text


def _reports(value: Any) -> Iterator[str]:
    yield from (file for _, file in value if file)


READ: Mapping[str, Paths] = {
    "source": _one,
    "connection": _one,
    "ca_file": _one,
    "seed_file": _one,
    "map_file": _one,
    "file": _one,
    "files": _several,
    "scenario_files": _several,
    "schemas": _schemas,
    "client": _words,
}
"""Parameter -> the files that it reads."""
WRITTEN: Mapping[str, Paths] = {"state": _one, "audit": _one, "client_log": _one, "reports": _reports}
"""Parameter -> the files that it writes."""


class FileCommand(click.Command):
    """A command that refuses to write a file that it also reads, or writes twice."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises Refused before it does anything."""
        named = {each.name: each.opts[0] for each in self.params if each.name}
        read = [*self._files(ctx, READ)]
        written = [*self._files(ctx, WRITTEN)]
        if "state" in ctx.params and not ctx.params["state"]:
            written.append(("state", str(Path(ctx.params["connection"]).with_suffix(".state.json"))))
        for place, (name, file) in enumerate(written):
            for other, against in (*read, *written[:place]):
                if _is_same(file, against):
                    raise Refused(f"{named[name]} would write over {against}, a file of {named[other]}")
        return super().invoke(ctx)

    def _files(self, ctx: click.Context, table: Mapping[str, Paths]) -> Iterator[tuple[str, str]]:
        for name, paths in table.items():
            if ctx.params.get(name):
                yield from ((name, file) for file in paths(ctx.params[name]))


def _is_same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):  # one of them is not there yet
        return os.path.realpath(one) == os.path.realpath(other)


class Seconds(click.FloatRange):
    """A finite number of seconds above 0, of a day at most."""

    def __init__(self) -> None:
        super().__init__(min=0, max=LONGEST, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it. Raises BadParameter, for infinity and what is not a number as well."""
        seconds = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(f"{value} is not a number of seconds.", param, ctx)
        return seconds
