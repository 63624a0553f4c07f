"""`provcheck explain`: a scenario or a check in words, with what it claims and where that is documented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from provcheck.harness.errors import Refused

if TYPE_CHECKING:
    from provcheck.harness.oracle.invariant import Invariant
    from provcheck.harness.run import Check


@click.command(name="explain", short_help="Explain a scenario or a check: its claim, source, steps and expectation.")
@click.argument("name")
def explain(name: str) -> None:
    """Explain a scenario or a check: its claim, the page and row it comes from, its steps and what is expected.

    NAME is a scenario (e6 is enough for e6-update-not-allowed, and shell patterns work) or a check, as reports name it.

    \b
      provcheck explain e6
      provcheck explain nobody_is_counted_twice
    """
    from provcheck.harness import scenarios
    from provcheck.harness.model.reading import nearest

    found = [scenarios.explain(scenario.name) for scenario in scenarios.named(name)]
    found = found or [_described(check) for check in _checks(name)]
    if not found:
        hint = nearest(name, _known()) or "; provcheck list scenarios names all scenarios"
        raise Refused(f"nothing is called {name!r}{hint}")
    click.echo("\n".join(found), nl=False)


def _checks(name: str) -> Iterator[Check | Invariant]:
    return (check for check in _every_check() if check.name == name.casefold())


def _every_check() -> Sequence[Check | Invariant]:
    """The checks of scenarios, and those of generated ones."""
    from provcheck.harness.oracle.invariants import INVARIANTS
    from provcheck.harness.run import checks

    return [*checks(), *INVARIANTS]


def _known() -> list[str]:
    from provcheck.harness import scenarios

    return [*(scenario.name for scenario in scenarios.all()), *(check.name for check in _every_check())]


def _described(check: Check | Invariant) -> str:
    return f"{check.name}: a check\n\n{check.claim}\nSource: {check.source}\n"
