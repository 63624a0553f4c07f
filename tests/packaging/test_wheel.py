"""The wheel: it is whole, it collides with nobody's packages, and a type checker can use it."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from textwrap import dedent

import pytest

from .fresh_environment import TOP, FreshEnvironment, build

OWN_PACKAGES = {
    "harness/__init__.py": 'OWNER = "this repository"\n',
    "mock_targets/__init__.py": 'OWNER = "this repository"\n',
    "tests/__init__.py": "",
    "tests/test_client.py": """
        import harness
        import mock_targets
        import requests
        from provcheck.mock_targets import registry


        def test_the_repository_keeps_its_own_packages():
            assert harness.OWNER == mock_targets.OWNER == "this repository"


        def test_a_client_creates_a_user(scim_target):
            user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada"}
            requests.post(f"{scim_target.base_url}/Users", json=user, headers=scim_target.headers).raise_for_status()
            assert [each["userName"] for each in scim_target.snapshot()["users"]] == ["ada"]
            assert "site-packages" in registry.__file__
    """,
}
TYPED = """
    import requests

    from provcheck.mock_targets.environment import Environment
    from provcheck.mock_targets.testing import EnvironmentHandle, Handle, handles, mount, session


    def test_with_a_fixture(scim_target: Handle) -> None:
        scim_target.seed(users=[{"userName": "ada"}])
        scim_target.flags["allows_create_users"] = False
        scim_target.faults.arm("user.get", status=503)
        names: list[object] = [user["userName"] for user in scim_target.snapshot()["users"]]
        assert names == ["ada"]
        assert scim_target.journal.count(operation="user.create") == 0


    def test_with_every_target(provisioning_environment: EnvironmentHandle) -> None:
        urls: dict[str, str] = {target.name: target.base_url for target in provisioning_environment}
        assert urls["slack"].startswith(provisioning_environment.url)


    def test_in_process() -> None:
        environment = Environment(["scim"])
        target = handles(environment)["scim"]
        response: requests.Response = session(environment).get(f"{target.base_url}/Users", headers=target.headers)
        assert response.status_code == 200
        with mount(environment, {"https://people.example/idp": "scim"}):
            assert requests.get("https://people.example/idp/Users", headers=target.headers).status_code == 200
"""
WRONG = """
    from provcheck.mock_targets.testing import Handle


    def test_with_a_fixture(scim_target: Handle) -> None:
        token: int = scim_target.token
        scim_target.seeds(users=[])
"""


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        return {name for name in packed.namelist() if ".dist-info/" not in name}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")


def test_it_has_every_module_of_the_repository(wheel: Path) -> None:
    sources = (path for folder in ("mock_targets", "harness") for path in (TOP / folder).rglob("*") if path.is_file())
    wanted = {f"provcheck/{path.relative_to(TOP).as_posix()}" for path in sources if "__pycache__" not in path.parts}
    assert names(wheel) == wanted | {"provcheck/__init__.py", "provcheck/__main__.py", "provcheck/py.typed"}


def test_a_checkout_that_keeps_no_links_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for folder in ("provcheck", "mock_targets", "harness"):
        shutil.copytree(TOP / folder, checkout / folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(TOP / name, checkout)
    for link in (path for path in (checkout / "provcheck").iterdir() if path.is_symlink()):
        target = link.readlink()
        link.unlink()
        link.write_text(str(target), encoding="utf-8")  # what git writes where a file system has no links
    assert names(build("wheel", checkout, tmp_path / "wheel")) == names(wheel)
    fresh = FreshEnvironment(tmp_path / "venv")
    done = fresh.run("-c", "import provcheck.harness.cli as cli; print(cli.__file__)", cwd=checkout)
    assert done.stdout.strip() == str(checkout / "harness" / "cli.py")


def test_an_editable_install_follows_the_repository(tmp_path: Path) -> None:
    fresh = FreshEnvironment(tmp_path / "venv")
    fresh.install("--editable", TOP)
    done = fresh.run("-c", "import provcheck.harness.cli as cli; print(cli.__file__)", cwd=tmp_path)
    assert Path(done.stdout.strip()).resolve() == TOP / "harness" / "cli.py"


def test_it_runs_as_a_module_and_as_a_command(installed: FreshEnvironment, tmp_path: Path) -> None:
    as_module = installed.run("-m", "provcheck", "--version", cwd=tmp_path)
    as_command = installed.run(installed.python.with_name("provcheck"), "--version", cwd=tmp_path)
    assert as_module.returncode == 0, as_module.stdout
    assert as_module.stdout == as_command.stdout
    assert as_module.stdout.startswith("provcheck ")


def test_an_installed_command_writes_a_starter_that_can_be_judged(installed: FreshEnvironment, tmp_path: Path) -> None:
    command = installed.python.with_name("provcheck")
    made = installed.run(command, "init", "python", "my-client", cwd=tmp_path)
    assert made.returncode == 0, made.stdout
    asked = ("--client", f"{installed.python} my-client/client.py", "--target", "scim+", "--scenario", "e5*")
    judged = installed.run(command, "check", *asked, cwd=tmp_path)
    assert "1 of 1 case" in judged.stdout, judged.stdout


def test_a_repository_with_packages_of_the_same_names_runs_its_own_tests(
    installed: FreshEnvironment, tmp_path: Path
) -> None:
    write(tmp_path, OWN_PACKAGES)
    done = installed.run("-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", cwd=tmp_path)
    assert "2 passed" in done.stdout, done.stdout


@pytest.mark.timeout(300)
def test_a_users_tests_are_type_checked_strictly(installed: FreshEnvironment, tmp_path: Path) -> None:
    write(tmp_path, {"test_typed.py": TYPED, "test_wrong.py": WRONG})
    done = installed.run(
        "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "test_typed.py", "test_wrong.py", cwd=tmp_path
    )
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert len(errors) == 2, done.stdout
    assert all(line.startswith("test_wrong.py:") for line in errors), done.stdout
    assert "[assignment]" in errors[0]
    assert "[attr-defined]" in errors[1]
