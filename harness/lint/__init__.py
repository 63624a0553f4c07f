"""The linter: judges the requests of a provisioning client, one by one and in their order, by what the standards and
the vendors' pages say.

The rule to know: it is pure. It sees exchanges as plain dicts (journal entries, or HAR entries made into them) and
knows neither targets nor clients.
"""

from harness.lint.exchange import Exchange, read_exchange
from harness.lint.linter import LintFinding, UnknownRule, lint, rule_by_id, vendor_of, warnings, worst
from harness.lint.recording import BadRecording, Recording, read_recording
from harness.lint.rule import SEVERITIES, LintRule, Offence, Severity
from harness.lint.rules import RULES

__all__ = [
    "RULES",
    "SEVERITIES",
    "BadRecording",
    "Exchange",
    "LintFinding",
    "LintRule",
    "Offence",
    "Recording",
    "Severity",
    "UnknownRule",
    "lint",
    "read_exchange",
    "read_recording",
    "rule_by_id",
    "vendor_of",
    "warnings",
    "worst",
]
