"""Reports: listeners of a run's events. Each makes its report from the events and from nothing else.

A listener is called with every event and has a `close()`, which finishes the report even of a run that was broken off.
"""

from provcheck.harness.report.console import ConsoleReport
from provcheck.harness.report.json_lines import JsonLinesReport
from provcheck.harness.report.junit import JUnitReport

__all__ = ["ConsoleReport", "JUnitReport", "JsonLinesReport"]
