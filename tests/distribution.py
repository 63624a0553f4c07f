"""Which tests one worker of a distributed run is given together, and which are handed out first.

pytest-xdist can group tests by mark (`--dist loadgroup`), but pytest 9.2 shows it no mark; and without groups it looks
through all tests whenever one has ended. Here the tests of a module are one group, but for the modules in SPREAD.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

SPREAD = (
    "tests/checks/test_imagined_scenarios.py",
    "tests/correct_clients/test_correct_clients.py",
    "tests/correct_clients/test_real_sockets.py",
    "tests/documentation/test_commands.py",
    "tests/examples/test_examples.py",
    "tests/generate/test_generate_play.py",
    "tests/adapters/test_command_client.py",
    "tests/adapters/test_init_command.py",
    "tests/harness/test_presets.py",
    "tests/watch/test_watch_command.py",
    "tests/fuzz/test_growth.py",
    "tests/fuzz/test_lint_fuzz.py",
    "tests/plugin/test_pytest_items.py",
)
"""Modules of tests that each take a second or more: every test is handed out by itself, those that take longest first.
"""
RUN_OF = "run of "
"""How the id of a case begins that looks at a run which other tests look at as well: all of them are one group."""
WHOLE = "tests/packaging/"
"""A folder that is one group: its tests share a wheel and where it is installed."""


class Distribution(LoadScopeScheduling):
    """Hands out groups of tests."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """The group of a test, by its id."""
    module, _, name = nodeid.partition("::")
    case = name.partition("[")[2]
    if case.startswith(RUN_OF):
        return case
    if module.startswith(WHOLE):
        return WHOLE
    return nodeid if module in SPREAD else module


def place_of(nodeid: str) -> int:
    """When a test is handed out: first what shares something, then what takes long, then the rest."""
    module, group = nodeid.partition("::")[0], group_of(nodeid)
    if group == module:
        return len(SPREAD) + 1
    return SPREAD.index(module) + 1 if group == nodeid else 0
