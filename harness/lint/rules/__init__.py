"""The shared rules of the linter, by subject: every rule that a module here defines.

Rules that hold for one store alone stand in its folder in `harness.vendors`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from provcheck.harness.lint.rule import LintRule, defined_in

_MODULES = [import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
RULES: tuple[LintRule, ...] = tuple(
    sorted((rule for module in _MODULES for rule in defined_in(vars(module))), key=lambda each: each.id)
)
"""In the order of their ids."""
