"""The shared rules of the linter, by subject. A new module of rules is added to the list here.

Rules that hold for one store alone stand in its folder in `harness.vendors`.
"""

from __future__ import annotations

from provcheck.harness.lint.rule import LintRule
from provcheck.harness.lint.rules import (
    bulk,
    groups,
    lifecycle,
    patch,
    queries,
    resources,
    retry_timing,
    transport,
    updates,
)

_MODULES = (transport, resources, patch, queries, lifecycle, updates, retry_timing, groups, bulk)
RULES: tuple[LintRule, ...] = tuple(
    sorted((rule for module in _MODULES for rule in module.RULES), key=lambda each: each.id)
)
"""In the order of their ids."""
