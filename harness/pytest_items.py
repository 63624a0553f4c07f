"""`pytest --provcheck-client SPEC`: every scenario on every target as a test of its own, `scenario[target]`.

Imported only with that option. The client is started by the first test that runs, and closed with the session; each
worker of a distributed run has its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from rich.console import Console

from provcheck.harness.adapters import UnusableClient
from provcheck.harness.commands.client_option import command, driven
from provcheck.harness.model.reading import nearest
from provcheck.harness.model.redaction import Redactor
from provcheck.harness.report import console_details
from provcheck.harness.report.case_record import Played
from provcheck.harness.report.printable import Printable
from provcheck.harness.report.record import RunRecord, again, verdict
from provcheck.harness.report.text import one_line, printable
from provcheck.harness.run import Case, cases, run

MARKER = "provcheck"
WIDTH = 100
"""Columns of a failure's text."""


class ClientUnderTest:
    """The client that a session tests; connected when it is first used."""

    def __init__(self, spec: str, timeout: float) -> None:
        self._spec, self._timeout = spec, timeout
        self._end = ExitStack()
        self._options: dict[str, Any] | None = None
        self._unusable: UnusableClient | None = None

    def options(self) -> dict[str, Any]:
        """Return the client as keyword arguments of the runner. Raises UnusableClient, on each call."""
        if self._unusable is not None:
            raise self._unusable
        if self._options is None:
            try:
                self._options = driven(self._spec, self._timeout, self._end)
            except UnusableClient as error:
                self._unusable = error
                raise
        return self._options

    @property
    def command(self) -> tuple[str, ...]:
        """The `provcheck check` command for this client."""
        return command(self._spec, timeout=self._timeout)

    def close(self) -> None:
        """Close the client, if it was connected."""
        self._end.close()


class Found(Exception):
    """A case has findings, or could not be judged; the message is that of the console report."""


class Scenarios(pytest.Collector):
    """The collector of all cases."""

    chosen: list[Case]
    client: ClientUnderTest

    @classmethod
    def of(cls, session: pytest.Session, chosen: list[Case], client: ClientUnderTest) -> Scenarios:
        """Return a collector of these cases."""
        made: Scenarios = cls.from_parent(session, name=MARKER, nodeid=MARKER)
        made.chosen, made.client = chosen, client
        return made

    def collect(self) -> Iterator[CaseItem]:
        """Yield a test for each case."""
        for case in self.chosen:
            name = f"{case.scenario.name}[{case.configuration.id}]"
            # As text, so that pytest finds the parameter in it, as in an id that is read from its cache.
            item: CaseItem = CaseItem.from_parent(self, name=name, nodeid=f"{MARKER}::{name}")
            item.case, item.client = case, self.client
            item.add_marker(MARKER)
            yield item


class CaseItem(pytest.Item):
    """A scenario on a target."""

    case: Case
    client: ClientUnderTest

    def runtest(self) -> None:
        """Run the case. Raises Found for findings; skips a case that needs what the client does not offer."""
        heard = RunRecord()
        run([self.case], listeners=[heard], command=self.client.command, **self.client.options())
        (played,) = heard.cases
        reason = played.finished.reason if played.finished else ""
        if verdict(played) in ("skipped", "not exercised"):
            pytest.skip(one_line(reason if verdict(played) == "skipped" else f"not exercised: {reason}"))
        if verdict(played) != "holds":
            raise Found(told(played, again(heard.begun, played)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the findings, without a traceback of provcheck."""
        if isinstance(excinfo.value, Found):
            return str(excinfo.value)
        if isinstance(excinfo.value, UnusableClient):
            return printable(Redactor().text(str(excinfo.value)))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, None, str]:
        """Return the location for reports: no file, the name of the case."""
        return MARKER, None, self.name


def _named(chosen: Sequence[Case], ids: Sequence[str]) -> list[Case]:
    """The cases of these ids; one without a target means all targets. Raises pytest.UsageError."""
    known: dict[str, list[Case]] = {}
    for case in chosen:
        for name in ("", case.scenario.name, f"{case.scenario.name}[{case.configuration.id}]"):
            known.setdefault(name, []).append(case)
    wanted = [each.removeprefix(MARKER).removeprefix("::") for each in ids]
    unknown = [f"{MARKER}::{name}" for name in wanted if name not in known]
    if unknown:
        raise pytest.UsageError(f"not found: {unknown[0]}{nearest(unknown[0].partition('::')[2], known)}")
    return list({id(case): case for name in wanted for case in known[name]}.values())


def told(played: Played, command: str) -> str:
    """Return the findings of a case with their exchanges, and the command that runs it again, as the console does."""
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None, highlight=False, markup=False, emoji=False)
    if verdict(played) == "findings":
        section = console_details.findings([played], again=command, exchanges=True)
    else:
        section = console_details.error([played], again=command)
    with console.capture() as captured:
        console.print(Printable(section), crop=False)
    return "\n".join(line.rstrip() for line in captured.get().rstrip().split("\n"))


def collected(
    session: pytest.Session, spec: str, targets: Iterable[str], level: str, timeout: float, ids: Sequence[str] = ()
) -> tuple[list[pytest.Item], ClientUnderTest]:
    """Return the tests of a session, and the client to close after it. `ids`: only these, as pytest prints them.

    Raises pytest.UsageError.
    """
    client = ClientUnderTest(spec, timeout)
    try:
        chosen = cases(list(targets), (), level)
    except LookupError as error:
        raise pytest.UsageError(str(error)) from None
    if ids:
        chosen = _named(chosen, ids)
    hook, scenarios = session.config.hook, Scenarios.of(session, chosen, client)
    report = hook.pytest_make_collect_report(collector=scenarios)
    hook.pytest_collectreport(report=report)  # so that they are counted with those from files
    return report.result, client
