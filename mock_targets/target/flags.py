"""Behaviour flags: what a target does, declared once and flipped at run time.

One declaration gives the default, the control API, the command line option and the reference page. A request reads
the frozen `Behaviour` that was in force when it began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from provcheck.mock_targets.reading import nearest, shown

FlagValue = bool | int | str | None
LARGEST = 2**31 - 1
"""The largest value of a flag that is a number."""
_TRUE, _FALSE, _NULL = {"true", "on", "yes", "1"}, {"false", "off", "no", "0"}, {"null", "none", ""}


class FlagError(ValueError):
    """A flag cannot be set as asked; no flag was changed."""


class UnknownFlag(FlagError):
    """The target has no flag of this name."""


class UnknownProfile(FlagError):
    """The target has no profile of this name."""


class WrongFlagValue(FlagError):
    """The value is not of the flag's type, or not among its choices."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One documented behaviour.

    `type` is boolean, integer or string; `choices` limits a string. A flag whose default is None may be set to None
    (null) again. `source` names the page or section that the behaviour comes from. With `known`, a string holds names
    with commas between, each one of these (a name that begins with `urn:` may be of a custom schema).
    """

    name: str
    default: FlagValue
    doc: str
    source: str
    type: str = "boolean"
    choices: tuple[str, ...] = ()
    known: Callable[[], Iterable[str]] | None = None

    def check(self, value: object) -> FlagValue:
        """The value if it fits. Raises WrongFlagValue."""
        if value is None and self.default is None:
            return None
        fits = {
            "boolean": isinstance(value, bool),
            "integer": isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST,
            "string": isinstance(value, str) and (not self.choices or value in self.choices),
        }[self.type]
        if not fits:
            raise WrongFlagValue(f"{self.name} takes {self.takes()}, not {shown(value)}")
        if self.known is not None and isinstance(value, str):
            self._check_names(value, list(self.known()))
        return value  # type: ignore[return-value]  # checked by the table above

    def parse(self, text: str) -> FlagValue:
        """The value that a command line gives as text. Raises WrongFlagValue."""
        word = text.strip().casefold()
        if self.default is None and word in _NULL:
            return None
        if self.type == "boolean" and word in _TRUE | _FALSE:
            return word in _TRUE
        if self.type == "integer" and word.isascii() and word.isdigit() and len(word) < 19:
            return int(word)
        return self.check(text.strip())

    def _check_names(self, text: str, known: list[str]) -> None:
        for name in filter(None, (part.strip() for part in text.split(","))):
            if name not in known and not name.casefold().startswith("urn:"):
                hint = nearest(name, known) or "; provcheck explain says what it takes"
                raise WrongFlagValue(f"{self.name} names attributes, and there is no {shown(name)}{hint}")

    def takes(self) -> str:
        """What the flag accepts, in words."""
        words = " or ".join(self.choices) or {
            "boolean": "true or false",
            "integer": f"a whole number from 0 to {LARGEST}",
        }.get(self.type)
        return (words or "a text") + (" or null" if self.default is None else "")


def flag(name: str, default: FlagValue, doc: str, source: str) -> Flag:
    """A row of a table of flags: a switch, a number, or (with the default as `default|other`) a choice."""
    if not isinstance(default, str):
        return Flag(name, default, doc, source, "boolean" if isinstance(default, bool) else "integer")
    choices = tuple(default.split("|"))
    return Flag(name, choices[0], doc, source, "string", choices)


def text_flag(name: str, default: str, doc: str, source: str) -> Flag:
    """A row of a table of flags: any text."""
    return Flag(name, default, doc, source, "string")


def names_flag(name: str, default: str, doc: str, source: str) -> Flag:
    """A row of a table of flags: any number of names, which `names_in` reads."""
    return Flag(name, default, f"{doc} Names are separated by commas.", source, "string")


@lru_cache(maxsize=256)
def names_in(text: str | None) -> frozenset[str]:
    """The names that a text lists with commas between, without regard to case."""
    return frozenset(name.strip().casefold() for name in (text or "").split(",") if name.strip())


class Behaviour:
    """The values of all flags at one moment, read as attributes; it never changes."""

    def __init__(self, values: Mapping[str, FlagValue]) -> None:
        self.__dict__.update(values)

    def values(self) -> Mapping[str, FlagValue]:
        """Every value by the name of its flag."""
        return self.__dict__

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a behaviour is frozen; set the flag instead")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no flag is called {name}")


class Flags:
    """The flags of one target and their present values."""

    def __init__(self, declared: Iterable[Flag], overrides: Mapping[str, object] | None = None) -> None:
        self.declared = {flag.name: flag for flag in declared}
        self._initial = {name: flag.default for name, flag in self.declared.items()}
        self._initial.update(self._checked(overrides or {}))
        self.reset()

    def reset(self) -> None:
        """Back to the values the target started with."""
        self._values = dict(self._initial)
        self.behaviour = Behaviour(self._values)

    def set(self, values: Mapping[str, object]) -> None:
        """Set flags, all or none. Raises UnknownFlag or WrongFlagValue."""
        self._values = {**self._values, **self._checked(values)}
        self.behaviour = Behaviour(self._values)

    def values(self) -> dict[str, FlagValue]:
        """Every flag's present value."""
        return dict(self._values)

    def describe(self) -> list[dict[str, Any]]:
        """Every flag with its declaration and present value, for people and programs."""
        return [
            {
                "name": flag.name,
                "type": flag.type,
                "value": self._values[flag.name],
                "default": flag.default,
                "choices": list(flag.choices),
                "doc": flag.doc,
                "source": flag.source,
            }
            for flag in self.declared.values()
        ]

    def flag(self, name: str) -> Flag:
        """The declaration of a flag. Raises UnknownFlag."""
        try:
            return self.declared[name]
        except KeyError:
            raise UnknownFlag(f"there is no flag {name!r}{nearest(name, self.declared)}") from None

    def _checked(self, values: Mapping[str, object]) -> dict[str, FlagValue]:
        return {name: self.flag(name).check(value) for name, value in values.items()}
