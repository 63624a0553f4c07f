"""The targets on the newest Flask and Werkzeug that pip finds, and on Flask's development version where it is reached.

`requests` and the rest come from the running environment; the tests that are run are those of the pipeline, and those
that every target has to hold about its routes, users, groups, faults and paging.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .fresh_environment import TOP, FreshEnvironment

pytestmark = pytest.mark.timeout(300)

RELEASES = ("--ignore-installed", "flask", "werkzeug")
PRE_RELEASES = ("--ignore-installed", "--pre", "flask", "werkzeug")
DEVELOPMENT = tuple(f"https://github.com/pallets/{name}/archive/refs/heads/main.zip" for name in ("flask", "werkzeug"))
SUITES = (
    "tests/http",
    *(
        f"tests/compliance/test_compliance_{subject}.py"
        for subject in ("routes", "life_of_users", "life_of_groups", "faults", "paging")
    ),
)


def versions(environment: FreshEnvironment) -> str:
    """Versions of Flask and Werkzeug, as their metadata give them; both must come from the environment itself."""
    program = """
        import flask, importlib.metadata, sys, werkzeug
        print(importlib.metadata.version("flask"), importlib.metadata.version("werkzeug"))
        sys.exit(any(not each.__file__.startswith(sys.prefix) for each in (flask, werkzeug)))
    """
    done = environment.run("-c", "\n".join(map(str.strip, program.splitlines())), cwd=environment.path)
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def hold(environment: FreshEnvironment) -> None:
    """The suites pass on the Flask of this environment."""
    options = ("-n0", "-q", "-p", "no:cacheprovider", "-W", "default::DeprecationWarning")
    done = environment.run("-m", "pytest", *options, *SUITES, cwd=TOP)
    assert done.returncode == 0, f"Flask and Werkzeug {versions(environment)}\n{done.stdout}"


def test_the_targets_run_on_the_newest_flask(tmp_path: Path) -> None:
    environment = FreshEnvironment(tmp_path / "newest")
    if trouble := environment.fetch(*RELEASES):
        pytest.skip(f"pip reaches no package index: {trouble}")
    versions(environment)
    hold(environment)


def test_the_targets_run_on_the_development_version_of_flask(tmp_path: Path) -> None:
    environment = FreshEnvironment(tmp_path / "development")
    if trouble := environment.fetch(*DEVELOPMENT):
        newest = FreshEnvironment(tmp_path / "newest")
        if newest.fetch(*RELEASES) or environment.fetch(*PRE_RELEASES) or versions(environment) == versions(newest):
            pytest.skip(f"Flask's repository is out of reach, and the index has no pre-release: {trouble}")
    hold(environment)
