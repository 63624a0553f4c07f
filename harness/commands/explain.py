"""`provcheck explain`: explains what reports and commands name, and where each is documented.

Scenarios, checks, lint rules, faults, flags, targets, presets and counters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from provcheck.harness.commands.parameters import StrictCommand
from provcheck.harness.errors import Refused

Entry = tuple[str, str]
"""A name, and the text that explains it."""


@click.command(
    cls=StrictCommand,
    name="explain",
    short_help="Explain a scenario, check, rule, fault, flag, target, preset or counter.",
)
@click.argument("name")
def explain(name: str) -> None:
    """Explain what a report or a command names: what it means, and where that is documented.

    NAME is a scenario (e6 is enough for e6-update-not-allowed, and shell patterns work), a check as reports name it,
    the id of a lint rule, a fault, a flag, a target configuration, a preset of a mock target, or a counter. A name
    that means several things is explained once for each; scenario:NAME, check:NAME, rule:NAME, fault:NAME, flag:NAME,
    target:NAME, preset:NAME and counter:NAME choose one.

    \b
      provcheck explain e6
      provcheck explain nobody_is_counted_twice
      provcheck explain fault:create.conflict_exists
      provcheck explain flag:supports_groups
      provcheck explain Impacted
    """
    from provcheck.harness.model.reading import nearest

    kind, colon, rest = name.partition(":")
    kinds = {kind: KINDS[kind]} if colon and kind in KINDS else KINDS
    wanted = rest if colon and kind in KINDS else name
    found = {word: texts for word, look in kinds.items() if (texts := _matching(word, look, wanted))}
    if not found:
        known = [name for look in kinds.values() for name, _ in look()]
        hint = nearest(wanted, known) or "; provcheck list names all that there is"
        raise Refused(
            f"nothing is called {wanted!r}{hint}" if kinds is KINDS else f"no {kind} is called {wanted!r}{hint}"
        )
    if len(found) > 1:
        choices = " or ".join(f"{word}:{wanted}" for word in found)
        click.echo(f"{wanted} means several things; {choices} explains one of them", err=True)
    click.echo("\n".join(text for texts in found.values() for text in texts), nl=False)


def _matching(kind: str, look: Callable[[], Iterator[Entry]], name: str) -> list[str]:
    if kind == "scenario":
        from provcheck.harness import scenarios

        return [scenarios.explain(each.name) for each in scenarios.named(name)]
    return list(dict.fromkeys(text for known, text in look() if known.casefold() == name.casefold()))


def _scenarios() -> Iterator[Entry]:
    from provcheck.harness import scenarios

    return ((each.name, each.claim) for each in scenarios.all())


def _checks() -> Iterator[Entry]:
    from provcheck.harness import checks

    for each in checks.all():
        facts = {"Source": each.source, "To mend it": each.fix, "Asked": ", ".join(each.phases)}
        yield each.name, _text(f"{each.name}: a check", each.claim, facts)


def _rules() -> Iterator[Entry]:
    from provcheck.harness.vendors import linter

    for each in linter().rules:
        facts = {"Source": each.source, "To mend it": each.fix}
        yield each.id, _text(f"{each.id}: a lint rule ({each.severity})", each.claim, facts)


def _faults() -> Iterator[Entry]:
    from provcheck.harness.testbed.catalog import faults

    for each in faults():
        facts = {"A correct client": each.client, "Counter": each.counter, "Seen": each.seen}
        yield each.name, _text(f"{each.name}: a fault that can be armed by its name", each.doc, facts)


def _flags() -> Iterator[Entry]:
    from provcheck.harness.reference.flags import plain
    from provcheck.harness.testbed.catalog import targets

    for target in targets():
        for flag in target.flags:
            takes = " or ".join(flag.choices) or flag.type
            facts = {"Takes": takes, "Default": plain(flag.default), "Source": flag.source}
            yield flag.name, _text(f"{flag.name}: a flag of {target.name}", flag.doc, facts)


def _targets() -> Iterator[Entry]:
    from provcheck.harness.commands.list import serve_command
    from provcheck.harness.model.capability import alone
    from provcheck.harness.vendors import configurations

    for each in (*configurations(), *configurations("*+*")):
        facts = {
            "Can": ", ".join(sorted(each.capabilities)),
            "Source": each.source,
            "To serve it": serve_command(each),
            "To check a client on it": f"provcheck check --client CLIENT --target {alone(each.id)}",
        }
        yield each.id, _text(f"{each.id}: a target configuration that check plays", f"{each.title}.", facts)


def _presets() -> Iterator[Entry]:
    from provcheck.harness.reference.flags import changes, plain
    from provcheck.harness.testbed.catalog import targets

    for target in targets():
        for name, values in target.profiles.items():
            sets = ", ".join(f"{flag}={plain(value)}" for flag, value in changes(target, values).items())
            faults = (str(fault.get("fault", "one of its own")) for fault in target.profile_faults.get(name, ()))
            facts = {
                "Faults": ", ".join(faults),
                "To serve it": f"provcheck serve {target.name} --profile {target.name}={name}",
                "More": "docs/reference/presets.md, provcheck list presets",
            }
            heading = f"{name}: a preset of the mock target {target.name} (a named set of flags and faults)"
            yield name, _text(heading, f"Sets {sets or 'every flag to its default'}.", facts)


def _counters() -> Iterator[Entry]:
    from provcheck.harness.model.expectation import LABELS
    from provcheck.harness.model.summary import MEANINGS

    for name, meaning in MEANINGS.items():
        facts = {"Source": "pingone, Outbound provisioning sync summary examples; every case: docs/counters.md"}
        text = _text(f"{LABELS[name]}: a counter of the sync summary", meaning, facts)
        for spelling in dict.fromkeys((LABELS[name], name, f"users.{name}", f"groups.{name}")):
            yield spelling, text


def _text(heading: str, meaning: str, facts: Mapping[str, Any]) -> str:
    lines = [f"{word}: {value}" for word, value in facts.items() if value]
    return "\n".join([heading, "", meaning, *lines, ""])


KINDS: Mapping[str, Callable[[], Iterator[Entry]]] = {
    "scenario": _scenarios,
    "check": _checks,
    "rule": _rules,
    "fault": _faults,
    "flag": _flags,
    "target": _targets,
    "preset": _presets,
    "counter": _counters,
}
"""The kinds of things that can be explained, by the word that chooses one."""
