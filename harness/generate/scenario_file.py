"""A trial as a file: JSON that a person can read, change and play again.

A file holds the disruption alone; recovery and convergence follow by themselves. Fields at their usual values
are left out. What cannot be meant is refused with one line that names the place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from provcheck.harness import vendors as profiles
from provcheck.harness.generate.file_terms import CLASSES, GIVEN, READERS, BadScenarioFile, Reader
from provcheck.harness.generate.trial import Trial
from provcheck.harness.model import Given, Population, Profile

VERSION = 1
KIND = "provcheck_scenario"
RENAMED = {
    "meddle": "external_changes",
    "make_account": "create_account",
    "alter_account": "change_account",
    "drop_account": "delete_account",
    "make_group": "create_group",
    "drop_group": "delete_group",
    "drop_member": "remove_member",
}
"""Words of earlier files that are still read, and what they are called now."""
KEYS = (KIND, "name", "target", "seed", "given", "steps")


def write(trial: Trial) -> str:
    """The trial as JSON text."""
    given, population = trial.given, trial.given.population
    parts = {
        "users": population.users,
        "groups": population.groups,
        "rule": given.rule,
        "connection": given.connection,
        "flags": given.flags,
        "accounts": given.accounts,
        "groups_at_target": given.groups,
        "faults": given.faults,
    }
    document = {
        KIND: VERSION,
        "name": trial.name,
        "target": trial.profile.id,
        **({"seed": trial.seed} if trial.seed else {}),
        "given": {key: _plain(part) for key, part in parts.items() if part},
        "steps": [_tagged(step) for step in trial.disruption],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read(path: Path) -> Trial:
    """The trial in a file. Raises BadScenarioFile."""
    try:
        return replace(parse(path.read_text(encoding="utf-8")), file=str(path))
    except OSError as error:
        raise BadScenarioFile(f"{path}: {error.strerror or 'cannot be read'}") from None
    except UnicodeDecodeError:
        raise BadScenarioFile(f"{path}: is not UTF-8 text") from None
    except BadScenarioFile as error:
        raise BadScenarioFile(f"{path}: {error}") from None


def parse(text: str) -> Trial:
    """The trial in a JSON text. Raises BadScenarioFile."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadScenarioFile(f"is not JSON: {error}") from None
    if not isinstance(document, dict) or document.get(KIND) != VERSION:
        raise BadScenarioFile(f'is an object with "{KIND}": {VERSION}')
    _no_others(document, KEYS, "the scenario")
    profile = _profile(document.get("target"))
    name = READERS["text"](document.get("name", "scenario"), "name")
    given = _given(document.get("given", {}), profile)
    steps = READERS["steps"](_renamed(document.get("steps", [])), "steps")
    return Trial(name, profile, given, steps, seed=READERS["text"](document.get("seed", ""), "seed"))


def _renamed(part: Any) -> Any:
    """Steps of a file that was written before external changes had their present names, in the present ones."""
    if isinstance(part, list):
        return [_renamed(each) for each in part]
    if not isinstance(part, dict) or part.get("do") not in RENAMED:
        return part
    changes = {"changes": _renamed(part["edits"])} if "edits" in part else {}
    return {**{key: value for key, value in part.items() if key != "edits"}, "do": RENAMED[part["do"]], **changes}


def _profile(id: Any) -> Profile:
    try:
        return profiles.get(id)
    except LookupError as error:
        raise BadScenarioFile(f"target: {error}") from None


def _given(document: Any, profile: Profile) -> Given:
    if not isinstance(document, dict):
        raise BadScenarioFile("given: is an object")
    _no_others(document, tuple(GIVEN), "given")
    parts = {key: GIVEN[key](value, f"given.{key}") for key, value in document.items()}
    try:
        population = Population(parts.pop("users", ()), parts.pop("groups", ()))
        profile.connect("http://localhost", overrides=parts.get("connection"))
    except ValueError as error:
        raise BadScenarioFile(f"given: {error}") from None
    parts["groups"] = parts.pop("groups_at_target", ())
    return Given(population, **parts)


def _no_others(document: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    for key in document:
        if key not in known:
            raise BadScenarioFile(f"{place}: there is no {key!r}; there are {', '.join(known)}")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _tagged(value) if type(value) in CLASSES.values() else _fields(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _tagged(value: Any) -> dict[str, Any]:
    name = re.sub(r"(?<=.)(?=[A-Z])", "_", type(value).__name__).lower()
    return {"do": name, **_fields(value)}


def _fields(value: Any) -> dict[str, Any]:
    """The fields that are not at their usual values."""
    shown = {}
    for each in fields(value):
        content = getattr(value, each.name)
        usual = each.default_factory() if each.default_factory is not MISSING else each.default
        if content != usual:
            shown[each.name] = _plain(content)
    return shown


__all__ = ["BadScenarioFile", "Reader", "parse", "read", "write"]
