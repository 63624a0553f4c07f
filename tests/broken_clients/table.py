"""Who catches whom, as a table: for a terminal, or as Markdown for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.table import Table

from provcheck.harness.model import Finding

from .breaking import BrokenClient, Caught
from .proof import Place, Verdict

Verdicts = Mapping[Place, Verdict]


def missed(client: BrokenClient, seen: Verdicts) -> list[Caught]:
    """The findings that must be there and are not."""
    return [each for each in client.caught if not _found(each, seen)]


def _found(wanted: Caught, seen: Verdicts) -> bool:
    findings = seen[wanted.scenario, wanted.profile].findings
    return any((each.check, each.entity) == (wanted.check, wanted.entity) for each in findings)


def matrix(played: Iterable[tuple[BrokenClient, Verdicts]]) -> Table:
    """A row for each broken client, scenario and finding; a finding that must be there is marked."""
    table = Table("broken client", "scenario", "target", "check", "entity", "expected", "seen", title="Broken clients")
    for client, verdicts in played:
        owed = {(each.scenario, each.profile, each.check, each.entity) for each in client.caught}
        label = f"[bold]{client.name}[/]\n{client.mistake}"
        for (scenario, profile), verdict in verdicts.items():
            for finding in verdict.findings:
                style = "" if (scenario, profile, finding.check, finding.entity) in owed else "dim"
                table.add_row(label, scenario, profile, *_cells(finding), style=style)
                label = ""
        if not any(verdict.findings for verdict in verdicts.values()):
            table.add_row(label, "", "", "[red]not caught[/]", "", "", "")
        table.add_section()
    return table


def _cells(finding: Finding) -> tuple[str, str, str, str]:
    return finding.check, finding.entity, finding.expected, finding.seen


def overview(played: Iterable[tuple[BrokenClient, Verdicts]]) -> Table:
    """A row for each broken client: how many of the cases noticed, and by which checks."""
    table = Table("broken client", "cases that notice", "checks that notice", title="Broken clients, everywhere")
    for client, verdicts in played:
        noticed = [verdict for verdict in verdicts.values() if verdict.findings]
        checks = sorted({finding.check for verdict in noticed for finding in verdict.findings})
        table.add_row(client.name, f"{len(noticed)} of {len(verdicts)}", ", ".join(checks) or "[red]none[/]")
    return table


def markdown(clients: Iterable[BrokenClient]) -> str:
    """Broken client -> caught by, as a Markdown table. Ends with a line break."""
    lines = ["| Broken client | Mistake | Caught by, about whom |", "| --- | --- | --- |"]
    for client in clients:
        by = ", ".join(dict.fromkeys(f"`{each.check}` ({_plain(each.entity)})" for each in client.caught))
        lines.append(f"| {client.name} | {client.mistake} | {by} |")
    return "\n".join(lines) + "\n"


def _plain(entity: str) -> str:
    return "any request" if entity == "*" else entity.replace("*", "\\*")
