"""`provcheck compare`: replays a recording of a real tenant on a fresh mock, and reports where the answers differ.

Exit code 0: no difference. 1: differences. 2: the recording cannot be read or replayed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provcheck.harness.commands.parameters import ReadFile, StrictCommand
from provcheck.harness.errors import Refused
from provcheck.harness.model.redaction import Redactor
from provcheck.harness.report.text import counted, json_line, one_line

if TYPE_CHECKING:
    from provcheck.harness.compare.replay import Compared, Setup
    from provcheck.harness.lint.exchange import Exchange


@click.command(name="compare", cls=StrictCommand, short_help="Compare a mock target with a recording of the real one.")
@click.argument("file", metavar="RECORDING", type=ReadFile())
@click.option("--target", metavar="NAME", default="", help="Mock target; default: told from the URLs.")
@click.option("--profile", "preset", metavar="PRESET", default="", help="Preset of the target.")
@click.option("--set", "settings", multiple=True, metavar="FLAG=VALUE", help="Set a flag of the target; repeatable.")
@click.option(
    "--seed",
    "seed_file",
    metavar="FILE",
    type=ReadFile(),
    help="What the tenant held before; default: told from the answers.",
)
@click.option(
    "--map",
    "map_file",
    metavar="FILE",
    type=ReadFile(),
    help="Values that stand for recorded ones, and places to leave out.",
)
@click.option("--no-flags", is_flag=True, help="Do not look for the flags that would change a difference (faster).")
@click.option("--json", "as_json", is_flag=True, help="Print each exchange as a line of JSON.")
def compare(
    *,
    file: str,
    target: str,
    preset: str,
    settings: tuple[str, ...],
    seed_file: str | None,
    map_file: str | None,
    no_flags: bool,
    as_json: bool,
) -> None:
    """Replay RECORDING, a HAR file or a journal of a real tenant, on a fresh mock target, and compare the answers.

    Ids, tags, times and host names are taken for each other as they appear. Status, headers of note, keys, types,
    constants, error codes and order are compared; a flag or a preset that would change a difference is named.

    \b
      provcheck compare tenant.har
      provcheck compare tenant.har --target scim --profile rfc --map values.json
    """
    from provcheck.harness.compare.replay import compare as compare_all  # late: help needs none of it
    from provcheck.harness.lint import BadRecording
    from provcheck.harness.testbed.fresh_target import CannotReplay

    try:
        exchanges = _exchanges(file)
        setup = _setup(target or _told(exchanges), preset, settings, seed_file, map_file)
        found = compare_all(exchanges, setup, tries_flags=not no_flags)
    except (BadRecording, CannotReplay) as error:
        raise Refused(str(error)) from None
    if all(each.answer is None for each in found):
        raise Refused(f"{file}: no exchange could be replayed on {setup.target}: {found[0].skipped}")
    redactor = Redactor()
    for line in _json_lines(found) if as_json else _lines(found, setup):
        click.echo(redactor.text(line) if as_json else one_line(redactor.text(line)))
    sys.exit(1 if any(each.differences for each in found) else 0)


def _exchanges(file: str) -> list[Exchange]:
    from provcheck.harness.lint.recording import read_recording

    every = [each for recording in read_recording(file, scim_only=False) for each in recording.exchanges]
    return sorted(every, key=lambda each: each.number)


def _told(exchanges: Sequence[Exchange]) -> str:
    """The target whose vendor the recording is of. Raises Refused."""
    from provcheck.harness.testbed.fresh_target import place

    for each in exchanges:
        found = place(each.path, each.host, each.scheme or "")
        if found is not None:
            return found[0]
    raise Refused("the URLs do not say of which store this is a recording: name it with --target")


def _setup(target: str, preset: str, settings: Sequence[str], seed_file: str | None, map_file: str | None) -> Setup:
    from provcheck.harness.compare.mapping import read_mapping, read_seed
    from provcheck.harness.compare.replay import Setup
    from provcheck.harness.testbed.fresh_target import find, read_flag

    mapping = read_mapping(Path(map_file)) if map_file else None
    return Setup(
        target=find(target).name,
        preset=preset,
        flags=dict(read_flag(target, each) for each in settings),
        values=mapping.values if mapping else {},
        ignore=frozenset(mapping.ignore if mapping else ()),
        seed=read_seed(Path(seed_file)) if seed_file else None,
    )


def _lines(found: Sequence[Compared], setup: Setup) -> Iterator[str]:
    for each in found:
        asked = f"#{each.exchange.number} {each.exchange}"
        if each.skipped:
            yield f"{asked}  not compared: {each.skipped}"
            continue
        count = len(each.differences)
        yield f"{asked}  {each.exchange.status}  {counted(count, 'difference') if count else 'same'}"
        for difference in each.differences:
            remedy = each.remedies.get(difference)
            yield f"    {difference}" + (f"  ({remedy} would change it)" if remedy else "")
    compared = [each for each in found if each.answer is not None]
    differing = sum(bool(each.differences) for each in compared)
    total = sum(len(each.differences) for each in found)
    skipped = f"; {len(found) - len(compared)} not compared" if len(compared) < len(found) else ""
    told = f"{counted(total, 'difference')} in {differing}" if total else "no difference"
    yield f"{setup.target}: {counted(len(compared), 'exchange')} compared, {told}{skipped}"


def _json_lines(found: Sequence[Compared]) -> Iterator[str]:
    for each in found:
        words: dict[str, Any] = {
            "number": each.exchange.number,
            "method": each.exchange.method,
            "path": each.exchange.path,
            "recorded_status": each.exchange.status,
            "status": each.answer.status if each.answer else None,
            "operation": each.answer.operation if each.answer else None,
            "not_compared": each.skipped or None,
            "differences": [
                {
                    "kind": difference.kind,
                    "where": difference.where,
                    "recorded": difference.recorded,
                    "mock": difference.own,
                    "changed_by": each.remedies.get(difference),
                }
                for difference in each.differences
            ],
        }
        yield json_line(words)
