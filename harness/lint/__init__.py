"""The linter: judges the requests of a provisioning client, one by one and in their order, by what the standards and
the vendors' pages say.

It is pure. It sees exchanges as plain dicts (journal entries, or HAR entries made into them) and
knows neither targets nor clients.
"""

from provcheck.harness.lint.exchange import Exchange, read_exchange
from provcheck.harness.lint.linter import LintFinding, UnknownRule, lint, rule_by_id, vendor_of, warnings, worst
from provcheck.harness.lint.recording import BadRecording, Recording, read_recording
from provcheck.harness.lint.rule import SEVERITIES, LintRule, Severity, Violation
from provcheck.harness.lint.rules import RULES

__all__ = [
    "RULES",
    "SEVERITIES",
    "BadRecording",
    "Exchange",
    "LintFinding",
    "LintRule",
    "Recording",
    "Severity",
    "UnknownRule",
    "Violation",
    "lint",
    "read_exchange",
    "read_recording",
    "rule_by_id",
    "vendor_of",
    "warnings",
    "worst",
]
