"""Types of parameters: seconds, and a client, whose command may name files that it reads."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import click

from provcheck.harness.seconds import read_seconds
from provcheck.mock_targets.commands.parameters import ReadFile, StrictCommand, Whole, WrittenFile

__all__ = ["Client", "ReadFile", "Seconds", "StrictCommand", "Whole", "WrittenFile"]


class Seconds(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2
    """A finite number of seconds above 0, of a day at most."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read it. Raises BadParameter."""
        try:
            return read_seconds(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Client(ReadFile):
    """The SPEC of a client; the words of a command may be files that it reads."""

    name = "spec"

    def files(self, value: Any) -> Iterator[str]:
        """Yield the words."""
        try:
            yield from shlex.split(value)
        except ValueError:
            return  # the command is refused where it is read
