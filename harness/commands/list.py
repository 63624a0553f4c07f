"""`provcheck list`: lists targets, scenarios, checks, flags and faults, as text, JSON or Markdown.

All lists are made from the declarations in the code.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.commands.parameters import StrictCommand
from provcheck.harness.errors import Refused

if TYPE_CHECKING:
    from provcheck.harness.model import TargetConfiguration

MOST_COLUMNS = 110
"""Maximum width of text, in columns."""

Entry = dict[str, Any]


@click.command(
    cls=StrictCommand,
    name="list",
    short_help="List targets, scenarios, checks, lint rules, flags, faults or presets.",
    apart=[("as_json", "as_markdown")],
)
@click.argument(
    "what",
    metavar="KIND",
    type=click.Choice(["targets", "scenarios", "checks", "rules", "flags", "faults", "presets", "profiles"]),
)
@click.option("--target", metavar="NAME", help="Only of this target; for scenarios: those that it supports.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown tables.")
def list_(what: str, *, target: str | None, as_json: bool, as_markdown: bool) -> None:
    """List what there is of one KIND: targets, scenarios, checks, rules, flags, faults, presets or profiles.

    A target configuration is what check plays; a preset is a named set of flags and faults of a mock target, set by
    --profile TARGET=PRESET (profiles is another word for presets).

    \b
      provcheck list targets
      provcheck list presets --target scim
      provcheck list scenarios --target scim+no-groups
      provcheck list checks
      provcheck list flags --target scim --json
      provcheck list faults
    """
    if what == "flags" and as_markdown:
        click.echo(_flags_page(target), nl=False)
        return
    if what == "faults" and as_markdown:
        click.echo(_faults_page(), nl=False)
        return
    entries = _LISTS[what](target)
    if as_json:
        click.echo(json.dumps(entries, indent=2, ensure_ascii=False))
    elif as_markdown:
        click.echo("\n".join(_table(entries)))
    else:
        click.echo("\n".join(_plain(what, entries)))


def _targets(name: str | None) -> list[Entry]:
    def entry(configuration: TargetConfiguration) -> Entry:
        memberships = configuration.membership_style if configuration.supports_groups else "no groups"
        return {
            "name": configuration.id,
            "title": configuration.title,
            "target": configuration.target,
            "memberships": memberships,
            "remove_actions": list(configuration.remove_actions),
            "capabilities": sorted(configuration.capabilities),
            "flags": dict(configuration.flags),
            "source": configuration.source,
            "serve": serve_command(configuration),
        }

    return [entry(configuration) for configuration in _configurations(name)]


def serve_command(configuration: TargetConfiguration) -> str:
    """The command that serves a mock target set up like a target configuration."""
    from provcheck.harness.reference.flags import plain

    name = configuration.target
    profile = ["--profile", f"{name}={configuration.profile}"] if configuration.profile else []
    flags = [word for flag, value in configuration.flags.items() for word in ("--set", f"{name}.{flag}={plain(value)}")]
    return shlex.join(["provcheck", "serve", name, *profile, *flags])


def _scenarios(name: str | None) -> list[Entry]:
    from provcheck.harness import scenarios, vendors

    chosen = _configurations(name)
    others = () if name else vendors.configurations("*+*")
    found = [
        {
            "name": scenario.name,
            "level": scenario.level,
            "title": scenario.title,
            "claim": scenario.claim,
            "source": str(scenario.source),
            "targets": _capable(scenario, chosen) or _capable(scenario, others),
        }
        for scenario in scenarios.all()
    ]
    return [entry for entry in found if entry["targets"]]


def _capable(scenario: Any, configurations: Sequence[Any]) -> list[str]:
    return [each.id for each in configurations if not each.lacks(scenario.needs)]


def _checks(name: str | None) -> list[Entry]:
    from provcheck.harness import checks

    if name:
        _configurations(name)  # a check is asked on every target that there is
    return [
        {
            "name": check.name,
            "claim": check.claim,
            "phases": list(check.phases),
            "needs": list(check.needs),
            "source": check.source,
            "fix": check.fix,
        }
        for check in checks.all()
    ]


def _flags(name: str | None) -> list[Entry]:
    return [
        {
            "target": target.name,
            "title": target.title,
            "source": target.source,
            "flags": [
                {key: getattr(flag, key) for key in ("name", "type", "default", "choices", "doc", "source")}
                for flag in target.flags
            ],
            "profiles": {profile: dict(values) for profile, values in target.profiles.items()},
        }
        for target in _declared(name)
    ]


def _faults(name: str | None) -> list[Entry]:
    _declared(name)  # every target that there is takes every fault
    from provcheck.harness.testbed.catalog import faults

    words = ("name", "tier", "doc", "applied", "client", "counter", "seen")
    return [{word: getattr(fault, word) for word in words} for fault in faults()]


def _rules(name: str | None) -> list[Entry]:
    from provcheck.harness.commands.lint import check_store
    from provcheck.harness.vendors import linter

    if name:
        check_store(name)
    dialect = linter().dialect_of(name or "", ())
    return [
        {
            "id": rule.id,
            "severity": rule.severity,
            "claim": rule.claim,
            "targets": list(linter().held_by(rule)),
            "source": rule.source,
            "fix": rule.fix,
        }
        for rule in linter().rules
        if name is None or dialect.name in linter().held_by(rule)
    ]


def _presets(name: str | None) -> list[Entry]:
    from provcheck.harness.reference.flags import changes, plain

    return [
        {
            "name": preset,
            "target": target.name,
            "sets": {flag: plain(value) for flag, value in changes(target, values).items()},
            "faults": [
                str(fault.get("fault", "a fault of its own")) for fault in target.profile_faults.get(preset, ())
            ],
            "serve": f"provcheck serve {target.name} --profile {target.name}={preset}",
        }
        for target in _declared(name)
        for preset, values in target.profiles.items()
    ]


_LISTS: dict[str, Callable[[str | None], list[Entry]]] = {
    "targets": _targets,
    "scenarios": _scenarios,
    "checks": _checks,
    "rules": _rules,
    "flags": _flags,
    "faults": _faults,
    "presets": _presets,
    "profiles": _presets,
}


def _configurations(name: str | None) -> Sequence[Any]:
    from provcheck.harness import vendors
    from provcheck.harness.model.reading import nearest

    found = vendors.configurations(name or "*")
    if not found:
        known = [each.id for each in vendors.configurations()]
        known += [each.id for each in vendors.configurations("*+*")]
        every = ", ".join(dict.fromkeys(known))
        raise Refused(f"there is no target {name!r:.100}{nearest(name or '', known) or f'; there are {every}'}")
    return found


def _declared(name: str | None) -> Sequence[Any]:
    from provcheck.harness.testbed.catalog import targets

    try:
        return targets([name] if name else [])
    except LookupError as error:
        raise Refused(str(error)) from None


def _flags_page(name: str | None) -> str:
    from provcheck.harness.reference import flags

    return flags.tables(_declared(name))


def _faults_page() -> str:
    from provcheck.harness.reference import faults

    return faults.catalogue()


def _table(entries: Sequence[Entry]) -> Iterator[str]:
    from provcheck.harness.reference.markdown import cell

    left_out = (
        ("capabilities", "flags", "serve") if "phases" in entries[0] else ("capabilities", "flags", "claim", "serve")
    )
    columns = [key for key in entries[0] if key not in left_out]
    yield f"| {' | '.join(column.replace('_', ' ') for column in columns)} |"
    yield f"| {' | '.join('---' for _ in columns)} |"
    for entry in entries:
        yield f"| {' | '.join(cell(_flat(entry[column])) for column in columns)} |"


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _plain(what: str, entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        yield from _LINES[what](entry)


def _target_lines(entry: Entry) -> Iterator[str]:
    memberships = {"group": "memberships on the group", "user": "memberships on the user"}
    yield f"{entry['name']:<23}{entry['title']}"
    style = memberships.get(entry["memberships"], entry["memberships"])
    yield f"{'':<23}{style}; removes by {' or '.join(entry['remove_actions'])}"
    yield f"{'':<23}{entry['serve']}"


def _scenario_lines(entry: Entry) -> Iterator[str]:
    yield f"{entry['name']:<40}{entry['level']:<12}{entry['title']}"


def _flag_lines(entry: Entry) -> Iterator[str]:
    from provcheck.harness.reference.flags import plain

    width = min(shutil.get_terminal_size().columns, MOST_COLUMNS)
    yield f"{entry['target']}: {entry['title']}"
    yield ""
    for flag in entry["flags"]:
        takes = " or ".join(flag["choices"]) or flag["type"]
        yield f"  {flag['name']} = {plain(flag['default'])}  ({takes})"
        for text in (flag["doc"], f"Source: {flag['source']}"):
            yield click.wrap_text(text, width, "      ", "      ")
    yield ""
    if entry["profiles"]:
        yield f"  presets: {', '.join(entry['profiles'])}"
        yield ""


def _check_lines(entry: Entry) -> Iterator[str]:
    width = min(shutil.get_terminal_size().columns, MOST_COLUMNS)
    yield entry["name"]
    for text in (entry["claim"], f"Asked: {', '.join(entry['phases'])}", f"Source: {entry['source']}"):
        yield click.wrap_text(text, width, "    ", "    ")


def _rule_lines(entry: Entry) -> Iterator[str]:
    width = min(shutil.get_terminal_size().columns, MOST_COLUMNS)
    yield f"{entry['id']:<10} {entry['severity']}, for {', '.join(entry['targets'])}"
    for text in (entry["claim"], f"Source: {entry['source']}"):
        yield click.wrap_text(text, width, "    ", "    ")


def _preset_lines(entry: Entry) -> Iterator[str]:
    width = min(shutil.get_terminal_size().columns, MOST_COLUMNS)
    yield f"{entry['name']} (of {entry['target']})"
    sets = ", ".join(f"{flag}={value}" for flag, value in entry["sets"].items())
    faults = f"Faults: {', '.join(entry['faults'])}" if entry["faults"] else ""
    for text in filter(None, (f"Sets: {sets or 'every flag at its default'}", faults, entry["serve"])):
        yield click.wrap_text(text, width, "    ", "    ")


def _fault_lines(entry: Entry) -> Iterator[str]:
    width = min(shutil.get_terminal_size().columns, MOST_COLUMNS)
    yield entry["name"]
    for text in (entry["doc"], f"A correct client: {entry['client']}", f"Counter: {entry['counter']}"):
        yield click.wrap_text(text, width, "    ", "    ")


_LINES: dict[str, Callable[[Entry], Iterator[str]]] = {
    "targets": _target_lines,
    "scenarios": _scenario_lines,
    "checks": _check_lines,
    "rules": _rule_lines,
    "flags": _flag_lines,
    "faults": _fault_lines,
    "presets": _preset_lines,
    "profiles": _preset_lines,
}
