"""`provcheck lint`: applies the lint rules to recorded requests, from a HAR file or a journal.

Exit code 0: no finding of the severity that fails, or above. 1: findings. 2: the file cannot be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import groupby

import click

from provcheck.harness.commands.parameters import ReadFile, StrictCommand
from provcheck.harness.errors import Refused
from provcheck.harness.lint import SEVERITIES, STANDARD, BadRecording, LintFinding, UnknownRule, read_recording, worst
from provcheck.harness.report.text import counted, json_line, one_line
from provcheck.harness.vendors import linter

MOST_LINES = 8
"""Maximum number of violations of one rule that are printed one by one."""
_FAILS = {"info": SEVERITIES, "warning": SEVERITIES[:2], "error": SEVERITIES[:1], "never": ()}


def read_ids(text: Sequence[str]) -> tuple[str, ...]:
    """Read ids of rules, separated by commas. Raises UnknownRule."""
    return tuple(linter().rule(id.strip()).id for each in text for id in each.split(",") if id.strip())


@click.command(
    cls=StrictCommand,
    name="lint",
    short_help="Lint recorded requests: a HAR file or a journal.",
    apart=[("as_list", other) for other in ("files", "target", "ignore", "fail_on")],
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=ReadFile())
@click.option(
    "--target",
    metavar="NAME",
    default="",
    help="Store whose rules apply (provcheck list rules); default: told from the URLs.",
)
@click.option("--ignore", multiple=True, metavar="RULE[,RULE]", help="Rules to leave out; repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAILS)),
    default="error",
    show_default=True,
    help="Lowest severity that gives exit code 1.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each finding as a line of JSON.")
@click.option("--list", "as_list", is_flag=True, help="Print every rule, with its source and its fix.")
def lint_(
    *, files: tuple[str, ...], target: str, ignore: tuple[str, ...], fail_on: str, as_json: bool, as_list: bool
) -> None:
    """Lint recorded requests: a HAR file, or a journal as JSON or as JSON lines.

    Prints the findings by rule, with the numbers that the exchanges have in the file.

    \b
      provcheck lint session.har
      provcheck lint journal.json --target scim --fail-on warning
      provcheck lint --list
    """
    if target:
        check_store(target)
    try:
        left_out = read_ids(ignore)
        if as_list:
            _print_rules(as_json=as_json)
            return
        if not files:
            raise Refused("name a HAR file or a journal")
        found = [each for file in files for each in _judged(file, target, left_out)]
    except (BadRecording, UnknownRule) as error:
        raise Refused(str(error)) from None
    if as_json:
        for finding in found:
            click.echo(json_line(finding.as_dict()))
    else:
        _print(found)
    sys.exit(1 if worst(found) in _FAILS[fail_on] else 0)


def check_store(name: str) -> None:
    """Refuse a name that neither a dialect nor a mock target has. Raises Refused."""
    from provcheck.harness.model.reading import nearest
    from provcheck.harness.testbed.catalog import targets

    dialects = (STANDARD, *linter().dialects)
    known = dict.fromkeys([*(each.name for each in dialects), *(each.name for each in targets())])
    if name in known or any(each.is_named_in(name) for each in dialects):
        return
    preset = next((each.name for each in targets() if name in each.profiles), "")
    meant = f"; {name} is a preset of {preset}: --target {preset}" if preset else nearest(name, known)
    raise Refused(f"there is no store {name!r:.100}; there are {', '.join(known)}{meant}")


def _judged(file: str, target: str, ignore: tuple[str, ...]) -> list[LintFinding]:
    found: list[LintFinding] = []
    left_out: list[int] = []
    recordings = read_recording(file, left_out=left_out)
    if left_out:
        which = (
            f"{counted(len(left_out), 'entry', 'entries')} with a malformed URL left out: {_numbers(tuple(left_out))}"
        )
        click.echo(one_line(f"{file}: {which}"), err=True)
    for recording in recordings:
        name = target or recording.target
        dialect = linter().dialect_of(name, recording.exchanges)
        count = len(recording.exchanges)
        told = f"{count} exchange{'s' * (count != 1)} with {name or 'a target'}, read as {dialect.name}"
        click.echo(one_line(f"{file}: {told}"), err=True)
        found += linter().lint(recording.exchanges, target=name, ignore=ignore)
    return found


def describe(findings: Sequence[LintFinding]) -> list[str]:
    """Return the findings as lines of text, by rule, the most severe first."""
    ordered = sorted(findings, key=lambda each: (SEVERITIES.index(each.rule.severity), each.rule.id))
    lines = []
    for rule, group in groupby(ordered, key=lambda each: each.rule):
        violations = list(group)
        lines.append(f"{rule.severity:<7} {rule.id}  {rule.claim}")
        lines += [
            f"          {_numbers(each.numbers)}: {one_line(each.violation.seen)}" for each in violations[:MOST_LINES]
        ]
        if len(violations) > MOST_LINES:
            lines.append(f"          and {len(violations) - MOST_LINES} more")
        lines += [f"          source: {rule.source}", f"          fix: {rule.fix}", ""]
    return lines


def _numbers(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(f"#{number}" for number in numbers[:6])
    return f"{shown} and {len(numbers) - 6} more" if len(numbers) > 6 else shown


def _print(findings: Sequence[LintFinding]) -> None:
    for line in describe(findings):
        click.echo(line)
    counts = {severity: sum(each.rule.severity == severity for each in findings) for severity in SEVERITIES}
    told = ", ".join(f"{count} {severity}{'s' * (count != 1)}" for severity, count in counts.items() if count)
    click.echo(told or "no findings")


def _print_rules(*, as_json: bool) -> None:
    for rule in linter().rules:
        if as_json:
            words = {"id": rule.id, "severity": rule.severity, "title": rule.title, "claim": rule.claim}
            more = {"source": rule.source, "fix": rule.fix, "targets": list(linter().held_by(rule))}
            click.echo(json.dumps({**words, **more}, ensure_ascii=False))
            continue
        click.echo(f"{rule.id:<10} {rule.severity:<8} {rule.claim}")
        click.echo(f"{'':<19} source: {rule.source}")
        click.echo(f"{'':<19} fix: {rule.fix}")
        click.echo(f"{'':<19} for: {', '.join(linter().held_by(rule))}\n")
