"""A trial as a JSON file that a person can read, edit and run again.

A file holds the disruption alone; recovery and convergence are the same for every trial. Fields that have their
default are left out. An invalid file is refused with one line that names the place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from provcheck.harness import vendors
from provcheck.harness.generate.file_format import NAMED, GivenDocument, ScenarioDocument, word
from provcheck.harness.generate.trial import Trial
from provcheck.harness.model import Given, Population, TargetConfiguration, reading
from provcheck.harness.model.text_file import NotJson, parse_json, read_text

VERSION = 1
KIND = "provcheck_scenario"
TITLE = "A scenario file of provcheck"
SCHEMA = "$schema"
"""A field that editors read, and this reader passes over."""
RENAMED = {
    "make_account": "create_account",
    "alter_account": "change_account",
    "drop_account": "delete_account",
    "make_group": "create_group",
    "drop_group": "delete_group",
    "drop_member": "remove_member",
}
"""Names of external changes in files of earlier versions, which are still read, and their present names."""
GIVEN = ("rule", "connection", "flags", "accounts", "faults")
"""Fields that have the same name in a file and in the model."""


class BadScenarioFile(ValueError):
    """A scenario file is invalid; the message is one line that names the place."""


def write(trial: Trial) -> str:
    """Return the trial as JSON text."""
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
        "target": trial.configuration.id,
        **({"seed": trial.seed} if trial.seed else {}),
        "given": {key: _plain(part) for key, part in parts.items() if part},
        "steps": [_tagged(step) for step in trial.disruption],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read(path: Path) -> Trial:
    """Read the trial in a file. Raises BadScenarioFile."""
    text = read_text(path, BadScenarioFile)
    try:
        return replace(parse(text), file=str(path))
    except BadScenarioFile as error:
        raise BadScenarioFile(f"{path}: {error}") from None


def parse(text: str) -> Trial:
    """Read the trial in a JSON text. Raises BadScenarioFile."""
    try:
        data = parse_json(text)
    except NotJson as error:
        raise BadScenarioFile(str(error)) from None
    if not isinstance(data, dict) or data.get(KIND) != VERSION:
        raise BadScenarioFile(
            f'is an object with "{KIND}": {VERSION}; provcheck contract --scenario-file prints its other fields'
        )
    data = {key: value for key, value in data.items() if key != SCHEMA}
    steps = data.get("steps", ())
    renamed = {**data, "steps": [_renamed(step) for step in steps]} if isinstance(steps, list) else data
    document = reading.read(ScenarioDocument, renamed, "the scenario", error=BadScenarioFile)
    configuration = _configuration(document.target)
    given = _given(document.given, configuration)
    return Trial(document.name, configuration, given, document.steps, seed=document.seed)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file, without the names of earlier versions."""
    drawn = reading.json_schema(ScenarioDocument)
    named = {**drawn["properties"], SCHEMA: {"type": "string", "description": "The schema, for an editor."}}
    return {SCHEMA: "https://json-schema.org/draft/2020-12/schema", "title": TITLE, **drawn, "properties": named}


def _renamed(step: Any) -> Any:
    """Return a step with the present names, if it has those of an earlier version."""
    if not isinstance(step, dict) or step.get("do") != "meddle":
        return step
    edits = step.get("edits", ())
    changes = [_renamed_change(edit) for edit in edits] if isinstance(edits, list) else edits
    return {
        **{key: value for key, value in step.items() if key != "edits"},
        "do": "external_changes",
        "changes": changes,
    }


def _renamed_change(change: Any) -> Any:
    earlier = change.get("do") if isinstance(change, dict) else None
    return {**change, "do": RENAMED[earlier]} if isinstance(earlier, str) and earlier in RENAMED else change


def _configuration(id: str) -> TargetConfiguration:
    try:
        return vendors.configuration(id)
    except LookupError as error:
        raise BadScenarioFile(f"target: {error}") from None


def _given(document: GivenDocument, configuration: TargetConfiguration) -> Given:
    try:
        population = Population(document.users, document.groups)
        configuration.connect("http://localhost", overrides=document.connection)
    except ValueError as error:
        raise BadScenarioFile(f"given: {error}") from None
    parts = {each.name: getattr(document, each.name) for each in fields(document)}
    return Given(population, groups=document.groups_at_target, **{name: parts[name] for name in GIVEN})


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _tagged(value) if type(value) in NAMED else _fields(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _tagged(value: Any) -> dict[str, Any]:
    return {"do": word(type(value)), **_fields(value)}


def _fields(value: Any) -> dict[str, Any]:
    """The fields that do not have their default."""
    shown = {}
    for each in fields(value):
        content = getattr(value, each.name)
        usual = each.default_factory() if each.default_factory is not MISSING else each.default
        if content != usual:
            shown[each.name] = _plain(content)
    return shown
