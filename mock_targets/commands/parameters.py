"""Parameters of commands: whole numbers with a range, and files that are read or written.

A `StrictCommand` refuses, in one line and with exit code 2, what contradicts itself: an option given twice, options
that exclude each other, and a file that it would write over although it also reads it, or writes it by another option.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from provcheck.mock_targets.commands.refused import Refused

_MOST_DIGITS = 20
"""Digits of a number that is read at all; every range of an option is narrower."""


class Whole(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2
    """A whole number in a range, written in decimal digits alone."""

    name = "integer"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it. Raises BadParameter."""
        text = str(value)
        digits = text.removeprefix("-")
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
        if is_number and self.least <= int(text) <= self.most:
            return int(text)
        return self.fail(f"takes a whole number from {self.least} to {self.most}, not {text!r:.60}", param, ctx)


class ReadFile(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2
    """A file that a command reads; its value is made by `kind`."""

    name = "file"
    writes = False

    def __init__(self, kind: Callable[[str], Any] = str) -> None:
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value."""
        return self._kind(value) if isinstance(value, str) else value

    def files(self, value: Any) -> Iterator[str]:
        """Yield the files that a value of the parameter names."""
        yield str(value)


class WrittenFile(ReadFile):
    """A file or directory that a command writes."""

    writes = True


class StrictCommand(click.Command):
    """A command that refuses what contradicts itself. `apart` are pairs of parameters that exclude each other."""

    def __init__(self, *args: Any, apart: Sequence[tuple[str, str]] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        self.apart = apart

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments. Raises Refused for an option that takes one value and is given twice."""
        if not ctx.resilient_parsing:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
            single = [each for each in order if isinstance(each, click.Option) and not (each.multiple or each.is_flag)]
            twice = next((each for each, times in Counter(single).items() if times > 1), None)
            if twice is not None:
                raise Refused(f"{_called(twice)} is given twice")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises Refused before it does anything."""
        named = {each.name: each for each in self.params}
        for one, other in self.apart:
            if all(ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in (one, other)):
                both = f"{_called(named[one])} and {_called(named[other])}"
                raise Refused(f"{both} exclude each other: leave one of them out")
        self._check_files(ctx)
        return super().invoke(ctx)

    def _check_files(self, ctx: click.Context) -> None:
        found = [(each, file) for each in self.params for file in _files(each, ctx.params.get(str(each.name)))]
        written = [pair for pair in found if isinstance(pair[0].type, WrittenFile)]
        read = [pair for pair in found if pair not in written]
        for place, (option, file) in enumerate(written):
            for other, against in (*read, *written[:place]):
                if _is_same(file, against):
                    raise Refused(f"{_called(option)} would write over {against}, a file of {_called(other)}")


def _called(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return (parameter.metavar or parameter.human_readable_name).strip("[].")


def _files(parameter: click.Parameter, value: Any) -> Iterator[str]:
    if isinstance(parameter.type, ReadFile) and value:
        several = getattr(parameter, "multiple", False) or parameter.nargs != 1
        for each in value if several else (value,):
            yield from parameter.type.files(each)


def _is_same(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):  # one of them is not there yet
        return os.path.realpath(one) == os.path.realpath(other)
