"""The rules of the house that an import checker cannot see: sizes, names, docstrings, clocks, vendors' names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
PACKAGES = ("mock_targets", "harness")
SOURCES = sorted(path for package in PACKAGES for path in (TOP / package).rglob("*.py"))
CLOCKS = {"mock_targets/control/clock.py", "mock_targets/control/ids.py", "harness/model/clock.py"}
SHARED = (
    "mock_targets/directory",
    "mock_targets/control",
    "mock_targets/wire",
    "mock_targets/scim",
    "mock_targets/admin",
)
VENDORS = ("slack", "github", "google", "salesforce", "zoom", "servicenow", "aquera", "workday")
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "core", "lib"}
MAX_LINES, MAX_FUNCTION = 400, 50


def name_of(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


each_source = pytest.mark.parametrize("path", SOURCES, ids=name_of)


@each_source
def test_no_file_is_longer_than_a_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@each_source
def test_no_function_is_longer_than_a_screen(path: Path) -> None:
    long = {
        f.name: size for f in functions(tree_of(path)) if (size := (f.end_lineno or 0) - f.lineno + 1) > MAX_FUNCTION
    }
    assert not long


@each_source
def test_every_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))


@each_source
def test_every_public_name_has_a_docstring(path: Path) -> None:
    assert not [name for name, node in public_definitions(tree_of(path)) if not ast.get_docstring(node)]


def public_definitions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef]]:
    kinds = ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef
    for node in tree.body:
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                inner = (each for each in node.body if isinstance(each, kinds) and not each.name.startswith("_"))
                yield from ((f"{node.name}.{each.name}", each) for each in inner if not is_variation(each))


def is_variation(node: ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) -> bool:
    """A setter, or an implementation of a method that is documented where it is declared (`@override`)."""
    decorators = {ast.unparse(each) for each in node.decorator_list}
    return any(each == "override" or each.endswith(".setter") for each in decorators)


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {name_of(path): part for path in SOURCES for part in (*path.parent.parts, path.stem) if part in VAGUE}
    assert not names


@pytest.mark.parametrize("path", [path for path in SOURCES if name_of(path) not in CLOCKS], ids=name_of)
def test_only_the_clock_modules_know_the_time_and_chance(path: Path) -> None:
    calls = {ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
    timed = {
        c for c in calls if re.match(r"(time\.|datetime\.(now|utcnow|today)|uuid\.uuid|random\.|secrets\.|uuid4)", c)
    }
    assert not timed


@pytest.mark.parametrize("path", [path for path in SOURCES if name_of(path).startswith(SHARED)], ids=name_of)
def test_shared_code_knows_no_vendor(path: Path) -> None:
    words = set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))
    assert not words & set(VENDORS)


@each_source
def test_nothing_is_left_for_later(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", text)
