"""The reference of presets that resemble a product: what each does, what it is taken from, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

if TYPE_CHECKING:
    from provcheck.harness.testbed.catalog import Preset

INTRODUCTION = """\
A preset is a set of flags and faults that resembles a well-known product: `provcheck serve scim --profile scim=NAME`.
It holds the behaviours in its table and no others. The last column names the case of `tests/scim/test_presets.py` that
shows it. [Flags](flags.md) has the values that each sets, and the presets that only change flags.

`provcheck check --target scim+aws_identity_center` plays the scenarios on a preset, `--target 'scim+*'` on all of them.
Without such a name `provcheck check` leaves them out. Scenarios that need what a preset lacks are not played on it;
below each table stands what that is, and why. `--generate` leaves out presets that lack what its scenarios assume.

A fault that a scenario (or `--fault`) arms fires in place of those of a preset. The limits on parallel requests are met
by clients that have several requests in flight; the reference client has one."""


def page() -> str:
    """The page of all targets that have such presets."""
    from provcheck.harness.testbed.catalog import targets

    lines = (line for target in targets() if target.presets for line in _target(target.name, target.presets))
    return markdown.page("Presets", INTRODUCTION, lines)


def _target(target: str, presets: Mapping[str, Preset]) -> Iterator[str]:
    rows = (
        (f"[`{name}`](#{name})", cell(preset.doc), ", ".join(f"`{each}`" for each in _faults(preset)) or "-")
        for name, preset in presets.items()
    )
    yield from table((f"preset of `{target}`", "resembles", "faults"), rows)
    for name, preset in presets.items():
        yield from _preset(target, name, preset)


def _preset(target: str, name: str, preset: Preset) -> Iterator[str]:
    from provcheck.harness import vendors

    yield from (f"## {name}", "", f"Source: {cell(preset.source)}", "")
    yield from table(
        ("behaviour", "source", "test"), ((cell(doc), cell(at), test) for test, doc, at in preset.behaviours)
    )
    lacking = {word: why for each in vendors.configurations(f"{target}+{name}") for word, why in each.lacking.items()}
    reasons = groupby(lacking.items(), key=lambda each: each[1])
    lacks = [f"{', '.join(f'`{word}`' for word, _ in words)} ({why})" for why, words in reasons]
    yield from (f"Lacks {'; '.join(lacks)}.", "") if lacks else ()


def _faults(preset: Preset) -> Iterator[str]:
    return (str(each.get("fault", "one of its own")) for each in preset.faults)
