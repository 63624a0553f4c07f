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
)

_MODULES = (transport, resources, patch, queries, lifecycle, retry_timing, groups, bulk)
RULES: tuple[LintRule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
"""In the order of their ids."""
