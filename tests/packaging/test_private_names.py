"""Private names of the web packages that the code relies on, each with its reason; a new one fails until listed."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from .fresh_environment import TOP

WEB_PACKAGES = {"flask", "werkzeug", "cheroot", "requests", "urllib3", "responses"}
REASONS: Mapping[tuple[str, str], str] = {
    ("mock_targets.serving.in_process", "_content"): (
        "requests' Response has no public way to be made from bytes that are there already"
    ),
    ("mock_targets.serving.in_process", "_content_consumed"): "goes with _content",
    ("mock_targets.serving.server", "_connections"): (
        "cheroot's HTTPServer: gives a silent connection back to the selector, so that it occupies no worker"
    ),
    ("mock_targets.serving.server", "_threads"): (
        "cheroot's ThreadPool tells how many workers are idle, but not how many there are"
    ),
}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """The packages from which a module imports."""
    plain = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    members = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in plain | members}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def private_imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in WEB_PACKAGES:
            yield from filter(is_private, (*(node.module or "").split("."), *(each.name for each in node.names)))


def private_attributes(tree: ast.Module) -> Iterator[str]:
    """Private names of any object but `self`, without those of the module's own classes with slots."""
    slots = {
        entry.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == ["__slots__"]
        for entry in ast.walk(node.value)
        if isinstance(entry, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            yield from filter(is_private, {node.attr} - slots)


def private_inheritance(tree: ast.Module, module: ModuleType) -> Iterator[str]:
    """Private names in a class body that a parent of the class, one of a web package, has or uses as well."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            mro = getattr(module, node.name).__mro__
            parents = [each for each in mro if each.__module__.partition(".")[0] in WEB_PACKAGES]
            theirs = {name for parent in parents for name in names_of(parent)}
            yield from filter(is_private, theirs.intersection(names_in(node)))


def names_in(body: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(body):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def names_of(parent: type) -> set[str]:
    """What a class of a web package defines, and what its methods use."""
    bodies = (node for node in ast.walk(parsed(parent.__module__)) if isinstance(node, ast.ClassDef))
    return {name for body in bodies if body.name == parent.__name__ for name in names_in(body)}


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[module]))


def found() -> Iterator[tuple[str, str]]:
    for path in (path for package in ("mock_targets", "harness") for path in (TOP / package).rglob("*.py")):
        tree = tree_of(path)
        if imported(tree) & WEB_PACKAGES:
            name = ".".join(path.relative_to(TOP).with_suffix("").parts).removesuffix(".__init__")
            inherited = private_inheritance(tree, import_module(f"provcheck.{name}"))
            yield from ((name, each) for each in (*private_imports(tree), *private_attributes(tree), *inherited))


def test_every_private_name_of_a_web_package_is_listed_with_its_reason() -> None:
    used = set(found())
    assert used - REASONS.keys() == set(), "use a public name, or list it with the reason"
    assert REASONS.keys() - used == set(), "not used any more: take it off the list"
