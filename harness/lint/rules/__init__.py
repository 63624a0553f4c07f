"""Every rule of the linter, by subject. A new module of rules is added to the list here."""

from __future__ import annotations

from provcheck.harness.lint.rule import LintRule
from provcheck.harness.lint.rules import (
    bulk,
    github,
    groups,
    lifecycle,
    patch,
    queries,
    resources,
    slack,
    transport,
)
from provcheck.harness.lint.rules import (
    retry_timing as pace,
)

_MODULES = (transport, resources, patch, queries, lifecycle, pace, groups, bulk, slack, github)
RULES: tuple[LintRule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
"""In the order of their ids, the vendors' own last."""
