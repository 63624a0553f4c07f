"""The generated reference: pages drawn from the project's own declarations.

`python -m provcheck.harness.reference docs/reference` writes them anew; a test compares them with what is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from provcheck.harness.reference import checks, control_api, faults, flags, lint, scenarios

__all__ = ["PAGES", "pages"]

PAGES: Mapping[str, Callable[[], str]] = {
    "flags.md": flags.page,
    "faults.md": faults.page,
    "checks.md": checks.page,
    "scenarios.md": scenarios.page,
    "lint-rules.md": lint.page,
    "control-api.md": control_api.page,
}
"""What draws each page, by the name of its file."""


def pages() -> dict[str, str]:
    """The text of every page, by the name of its file."""
    return {name: draw() for name, draw in PAGES.items()}
