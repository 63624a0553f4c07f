"""The linter: judges the requests of a provisioning client, one by one and in their order, by what the standards and
the vendors' pages say.

It is pure. It sees exchanges as plain dicts (journal entries, or HAR entries made into them) and knows neither targets
nor clients; a rule asks what the dialect of the target has, never whose it is. `harness.vendors.linter()` is the
`Linter` with every store's dialect.
"""

from provcheck.harness.lint.dialect import STANDARD, Dialect
from provcheck.harness.lint.exchange import Exchange, read_exchange
from provcheck.harness.lint.linter import Linter, LintFinding, UnknownRule, worst
from provcheck.harness.lint.recording import BadRecording, Recording, read_recording
from provcheck.harness.lint.rule import SEVERITIES, LintRule, Severity, Violation

__all__ = [
    "SEVERITIES",
    "STANDARD",
    "BadRecording",
    "Dialect",
    "Exchange",
    "LintFinding",
    "LintRule",
    "Linter",
    "Recording",
    "Severity",
    "UnknownRule",
    "Violation",
    "read_exchange",
    "read_recording",
    "worst",
]
