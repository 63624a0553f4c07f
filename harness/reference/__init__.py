"""The generated reference: pages and a JSON Schema drawn from the project's own declarations.

`python -m provcheck.harness.reference docs/reference` writes them anew; a test compares them with what is declared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from provcheck.harness.reference import checks, control_api, faults, flags, lint, presets, reports, scenarios

__all__ = ["PAGES", "pages"]


def _scenario_file_schema() -> str:
    from provcheck.harness.generate.scenario_file import json_schema  # late: lists of flags need none of it

    return json.dumps(json_schema(), indent=2) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "flags.md": flags.page,
    "presets.md": presets.page,
    "faults.md": faults.page,
    "checks.md": checks.page,
    "scenarios.md": scenarios.page,
    "lint-rules.md": lint.page,
    "reports.md": reports.page,
    "control-api.md": control_api.page,
    "scenario-file.schema.json": _scenario_file_schema,
}
"""What draws each page, by the name of its file."""


def pages() -> dict[str, str]:
    """The text of every page, by the name of its file."""
    return {name: draw() for name, draw in PAGES.items()}
