"""Fixtures with mock targets on a real port, for tests of any HTTP client; and scenarios as tests.

    def test_my_client(scim_target):
        MyClient(scim_target.base_url, scim_target.token).create("ada")
        assert scim_target.snapshot()["users"][0]["userName"] == "ada"

There is one such fixture for every mock target. One server runs for the session; targets are reset before each test.
Targets and the harness are imported when a fixture is first used, so that other suites do not start slower.

    pytest --provcheck-client 'node client.mjs' -m provcheck

runs every scenario on every target, each as a test (`harness/pytest_items.py`).
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from provcheck.harness import vendors
from provcheck.harness.seconds import read_seconds
from provcheck.mock_targets import registry

if TYPE_CHECKING:
    from provcheck.mock_targets.environment import Environment
    from provcheck.mock_targets.testing import EnvironmentHandle, Handle

_SHOWN = 40
"""Exchanges shown with a failed test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that collect scenarios as tests."""
    group = parser.getgroup("provcheck", "provisioning clients")
    group.addoption(
        "--provcheck-client",
        metavar="SPEC",
        help="Collect every scenario on every target as a test of this client: package.module:factory, a command such "
        "as 'node client.mjs', http://host:port, or 'reference'.",
    )
    group.addoption(
        "--provcheck-target", action="append", default=[], metavar="GLOB", help="Only targets that match; repeatable."
    )
    group.addoption(
        "--provcheck-level",
        choices=["documented", "derived", "all"],
        default="all",
        help="Only scenarios of this level (default: all).",
    )
    group.addoption(
        "--provcheck-timeout",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="Seconds to wait for each client call (default: 60).",
    )
    group.addoption(
        "--provcheck-case",
        action="append",
        default=[],
        metavar="ID",
        help="Only this scenario, as pytest prints it: provcheck::SCENARIO[TARGET]; repeatable. An ID among the files "
        "and directories means the same.",
    )


def _seconds(text: str) -> float:
    """A number of seconds as the option takes it. Raises ArgumentTypeError, whose message pytest prints."""
    try:
        return read_seconds(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    _take_ids(config)
    if config.getoption("--provcheck-case") and not config.getoption("--provcheck-client"):
        raise pytest.UsageError("--provcheck-case chooses scenarios as tests: give --provcheck-client SPEC as well")
    config.addinivalue_line("markers", "provcheck: a scenario on a target, from --provcheck-client")
    config.addinivalue_line("markers", "all_faults_strike: fails if a fault that the test armed never struck")


def _take_ids(config: pytest.Config) -> None:
    """Move ids of scenarios from the files and directories, where pytest would look for them, to their option."""
    ids = [each for each in config.args if each.partition("::")[0] == "provcheck" and not Path(each).exists()]
    if not ids:
        return
    if not config.getoption("--provcheck-client"):
        raise pytest.UsageError(f"{ids[0]} is a scenario as a test: give --provcheck-client SPEC as well")
    config.option.provcheck_case += ids
    config.args[:] = [each for each in config.args if each not in ids]
    config.option.provcheck_alone = not config.args


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the scenarios to the collected tests, before -k and -m select."""
    if spec := config.getoption("--provcheck-client"):
        from provcheck.harness.pytest_items import collected  # late: most sessions need none of it

        options = (config.getoption(f"--provcheck-{name}") for name in ("target", "level", "timeout", "case"))
        found, client = collected(session, spec, *options)
        config.add_cleanup(client.close)
        if getattr(config.option, "provcheck_alone", False):
            items.clear()  # a worker without files collects the directory
        items += found


@pytest.fixture(scope="session")
def _served() -> Iterator[Environment]:
    """All targets, served on a free port of the loopback for the whole session."""
    from provcheck.mock_targets.environment import Environment
    from provcheck.mock_targets.serving.server import serving

    environment = Environment(tenants=True)
    with serving(environment):
        yield environment


@pytest.fixture
def provisioning_environment(_served: Environment, request: pytest.FixtureRequest) -> Iterator[EnvironmentHandle]:
    """All mock targets by name, and the control API; reset before and after each test.

    With the marker `all_faults_strike` a test fails if a fault that it armed never struck.
    """
    from provcheck.mock_targets.testing import EnvironmentHandle

    handle = EnvironmentHandle(_served)
    handle.reset()
    yield handle
    try:
        if request.node.get_closest_marker("all_faults_strike"):
            for target in handle:
                target.faults.assert_all_struck()
    finally:
        handle.reset()


@pytest.fixture
def provisioning_estate(provisioning_environment: EnvironmentHandle) -> EnvironmentHandle:
    """The former name of `provisioning_environment`; it stays, for suites that use it."""
    return provisioning_environment


def _target_fixture(spelling: str, target: str) -> object:
    def fixture(provisioning_environment: EnvironmentHandle) -> Handle:
        return provisioning_environment[target]

    fixture.__doc__ = (
        f"The mock target {target}: base_url, token, headers, flags, faults, journal, seed, snapshot, reset."
    )
    return pytest.fixture(fixture, name=f"{spelling.replace('-', '_')}_target")


def _target_fixtures() -> Iterator[tuple[str, object]]:
    """A fixture `NAME_target` for every mock target, and for every other spelling of the name of its store."""
    targets = registry.names()
    spellings = {name: name for name in targets} | {
        spelling: name for spelling, name in vendors.spellings().items() if name in targets
    }
    for spelling, name in spellings.items():
        yield f"{spelling}_target", _target_fixture(spelling, name)


globals().update(_target_fixtures())  # pytest finds fixtures among the attributes of a plugin


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what its targets were asked."""
    report = yield
    environment: Any = getattr(item, "funcargs", {}).get("provisioning_environment")
    if report.failed and report.when == "call" and environment is not None:
        from provcheck.harness.report.text import one_line

        for target in environment:
            if lines := target.journal.lines()[-_SHOWN:]:
                report.sections.append((f"what {target.name} was asked", "\n".join(map(one_line, lines))))
    return report
