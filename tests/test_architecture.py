"""The rules of the house that an import checker cannot see: sizes, names, docstrings, clocks, vendors' names."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flask import Flask

TOP = Path(__file__).resolve().parent.parent
PACKAGES = ("mock_targets", "harness")
SOURCES = sorted(path for package in PACKAGES for path in (TOP / package).rglob("*.py"))
CLOCKS = {"mock_targets/clock.py", "mock_targets/ids.py", "harness/model/clock.py"}
SHARED = (
    "harness/",
    *("mock_targets/directory/", "mock_targets/query/", "mock_targets/target/", "mock_targets/operations/"),
    *("mock_targets/faults/", "mock_targets/journal/", "mock_targets/http/", "mock_targets/scim/"),
    *("mock_targets/rest/", "mock_targets/control_api/", "mock_targets/serving/"),
)
NAME_OF_A_VENDOR_ALLOWED = {
    "mock_targets/faults/catalog/": "each fault names the public reports that it was drawn from",
    "harness/vendors/": "the declarations of the stores",
    "harness/report/annotations.py": "workflow commands of a CI runner, whose maker is a vendor of a store as well",
}
PROTOCOLS = {"scim", "ldap"}
VENDORS = {
    *("githubemu", "microsoft", "entra", "okta"),
    *({path.parent.name.split("_")[0] for path in (TOP / "harness" / "vendors").glob("*/store.py")} - PROTOCOLS),
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "core", "lib"}
MAX_LINES, MAX_FUNCTION = 400, 50


PYTHON_FILES = sorted(
    path
    for folder in (*PACKAGES, "provcheck", "tests", "benchmarks", "examples")
    for path in (TOP / folder).glob("**/*.py")
)


def name_of(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def offenders(rule: Callable[[Path], Iterable[str]], paths: Iterable[Path] = SOURCES) -> list[str]:
    """Every place that breaks a rule, as `file: what`."""
    return [f"{name_of(path)}: {what}" for path in paths for what in rule(path)]


def test_no_file_is_longer_than_a_sitting() -> None:
    def rule(path: Path) -> Iterator[str]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_LINES:
            yield f"{lines} lines"

    assert not offenders(rule)


def test_no_function_is_longer_than_a_screen() -> None:
    def rule(path: Path) -> Iterator[str]:
        for each in functions(tree_of(path)):
            size = (each.end_lineno or 0) - each.lineno + 1
            if size > MAX_FUNCTION:
                yield f"{each.name} has {size} lines"

    assert not offenders(rule)


def test_every_module_says_what_it_is_for() -> None:
    def rule(path: Path) -> Iterator[str]:
        text = path.read_text(encoding="utf-8")
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            yield "no docstring"

    assert not offenders(rule)


def test_every_public_name_has_a_docstring() -> None:
    def rule(path: Path) -> Iterator[str]:
        return (name for name, node in public_definitions(tree_of(path)) if not ast.get_docstring(node))

    assert not offenders(rule)


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
    def rule(path: Path) -> Iterator[str]:
        return (part for part in (*path.relative_to(TOP).parent.parts, path.stem) if part in VAGUE)

    assert not offenders(rule)


def test_only_the_clock_modules_know_the_time_and_chance() -> None:
    forbidden = re.compile(r"(time\.|datetime\.(now|utcnow|today)|uuid\.uuid|random\.|secrets\.|uuid4)")

    def rule(path: Path) -> Iterator[str]:
        calls = {ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
        return (call for call in calls if forbidden.match(call))

    assert not offenders(rule, (path for path in SOURCES if name_of(path) not in CLOCKS))


def test_shared_code_knows_no_vendor() -> None:
    def rule(path: Path) -> Iterator[str]:
        yield from set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower())) & VENDORS

    shared = (path for path in SOURCES if name_of(path).startswith(SHARED))
    assert not offenders(
        rule, (path for path in shared if not name_of(path).startswith(tuple(NAME_OF_A_VENDOR_ALLOWED)))
    )


def test_every_exception_from_a_linter_has_its_reason_beside_it() -> None:
    bare = re.compile(r"#\s*(?:noqa(?:: [A-Z0-9, ]+)?|type: ignore(?:\[[a-z, -]+\])?)\s*$", re.MULTILINE)

    def rule(path: Path) -> Iterator[str]:
        yield from bare.findall(path.read_text(encoding="utf-8"))

    assert not offenders(rule, PYTHON_FILES)


def test_no_type_error_is_excepted_where_types_are_not_checked() -> None:
    def rule(path: Path) -> Iterator[str]:
        yield from re.findall(r"# type: ignore\b.*", path.read_text(encoding="utf-8"))

    assert not offenders(rule, (path for path in PYTHON_FILES if path not in SOURCES and path != Path(__file__)))


def test_nothing_is_left_for_later() -> None:
    def rule(path: Path) -> Iterator[str]:
        yield from re.findall(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b", path.read_text(encoding="utf-8"))

    assert not offenders(rule)


def test_nobody_imports_the_packages_by_their_names_in_the_repository() -> None:
    def rule(path: Path) -> Iterator[str]:
        for node in ast.walk(tree_of(path)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            yield from (f"imports {each}" for each in modules if each.partition(".")[0] in PACKAGES)

    assert not offenders(rule, PYTHON_FILES)


def test_pydantic_is_imported_late() -> None:
    def rule(path: Path) -> Iterator[str]:
        for each in tree_of(path).body:
            names = [each.module or ""] if isinstance(each, ast.ImportFrom) else []
            names += [alias.name for alias in each.names] if isinstance(each, ast.Import) else []
            yield from (f"imports {name}" for name in names if name.startswith("pydantic"))

    assert not offenders(rule)


def test_of_flask_only_wsgi_app_is_overridden() -> None:
    def rule(path: Path) -> Iterator[str]:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and "Flask" in {ast.unparse(base) for base in node.bases}:
                inherited = {each.name for each in functions(node) if hasattr(Flask, each.name)}
                yield from (f"{node.name}.{name}" for name in inherited - {"__init__", "wsgi_app"})

    assert not offenders(rule)
