"""`python -m benchmarks`: every figure that the README states, measured now, beside what is to be reached."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from rich.console import Console
from rich.table import Table

from benchmarks import client, process, workload
from benchmarks.connection import Connection
from benchmarks.peers import apart, served

Row = tuple[str, str, str, bool]


def requests_compared() -> Iterator[Row]:
    """Each kind of request against scim2-server and against a bare Flask route."""
    with ExitStack() as stack:
        names = ("ours", "scim2-server", "scim2-server, same WSGI server", "bare")
        peers = [stack.enter_context(served(name)) for name in names]
        stack.enter_context(apart(*peers))
        found = workload.compare([Connection(peer) for peer in peers])
    for step, of in found.items():
        ours, shipped, behind, bare = of.values()
        shown = f"{ours:.2f} ms; scim2-server {shipped:.2f} ms, behind our server {behind:.2f} ms; bare {bare:.2f} ms"
        faster = shipped / ours
        yield f"{step}: times as fast as scim2-server ({shown})", f"{faster:.1f}", "at least 4", faster >= 4
        yield f"{step}: the same, scim2-server behind our WSGI server", f"{behind / ours:.1f}", "-", True
        yield f"{step}: times the bare route", f"{ours / bare:.2f}", "at most 2", ours <= 2 * bare


def members_added() -> Iterator[Row]:
    """One member more, in a small group and in a large one."""
    with served("ours") as ours, apart(ours):
        small, large = workload.member_costs(Connection(ours))
    ratio, shown = large / small, f"{large:.2f} / {small:.2f} ms"
    yield f"adding a member: at 2,000 / at 10 ({shown})", f"{ratio:.2f}", "at most 1.3", ratio <= 1.3


def many_users() -> Iterator[Row]:
    """A look-up among many, and the memory they take."""
    with served("ours", "1000") as small, served("ours", "100000") as large, apart(small, large):
        few, many = workload.lookup_costs(Connection(small), Connection(large), users=100_000)
        memory = process.memory(large.pid)
    ratio, shown = many / few, f"{many:.2f} / {few:.2f} ms"
    yield f"userName eq: among 100,000 / among 1,000 ({shown})", f"{ratio:.2f}", "at most 1.3", ratio <= 1.3
    yield "memory of a server with 100,000 users", f"{memory:.0f} MB", "below 300", memory < 300


def starts() -> Iterator[Row]:
    """How long a person waits."""
    seconds = process.help_time()
    yield "provcheck --help", f"{seconds:.2f} s", "below 0.3 s", seconds < 0.3
    seconds = process.first_answer()
    yield "provcheck serve: first answer of a target", f"{seconds:.2f} s", "below 0.8 s", seconds < 0.8
    milliseconds = process.reset_time() * 1000
    yield "resetting a target between two tests", f"{milliseconds:.2f} ms", "below 1 ms", milliseconds < 1


def reference_client() -> Iterator[Row]:
    """A large first sync in process, and a second one with nothing to do."""
    first, second, writes = client.large_sync()
    yield "10,000 users, 1,000 groups, 100,000 memberships from nothing", f"{first:.1f} s", "below 60 s", first < 60
    yield f"the same again: writes sent (in {second:.1f} s)", str(writes), "none", writes == 0


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "requests": requests_compared,
    "members": members_added,
    "many": many_users,
    "starts": starts,
    "client": reference_client,
}


def main() -> int:
    """Measure the chosen parts (all by default) and print a table. 0 when everything is reached."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="what to measure (default: everything)")
    table = Table("measured", "figure", "to reach", "", title="provcheck benchmarks")
    good = True
    for name in parser.parse_args().part or PARTS:
        for what, figure, goal, reached in PARTS[name]():
            table.add_row(what, figure, goal, "" if goal == "-" else "[green]yes" if reached else "[red]no")
            good &= reached
    Console(width=140).print(table)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
