"""JUnit XML as build servers take it, as a strict grammar: elements, their attributes and children, and no others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

COUNT = r"\d+"
TIME = r"\d+\.\d{3}"
LINE = r"[^\n\t]*"
NAME = r"[^\n\t]+"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d)?"
_COUNTS = {"tests": COUNT, "failures": COUNT, "errors": COUNT, "skipped": COUNT, "time": TIME}


@dataclass(frozen=True)
class Kind:
    """An element: required attributes with their patterns, children in order (`*` any number, `?` at most one)."""

    attributes: dict[str, str] = field(default_factory=dict)
    children: str = ""
    text: bool = False


KINDS = {
    "testsuites": Kind({"name": NAME, **_COUNTS}, "(testsuite )*"),
    "testsuite": Kind({"name": NAME, "timestamp": MOMENT, **_COUNTS}, "(properties )?(testcase )*"),
    "properties": Kind(children="(property )*"),
    "property": Kind({"name": NAME, "value": LINE}),
    "testcase": Kind(
        {"name": NAME, "classname": NAME, "time": TIME}, "(skipped |error |(failure )*)(system-out )?(system-err )?"
    ),
    "failure": Kind({"message": LINE, "type": NAME}, text=True),
    "error": Kind({"message": LINE, "type": NAME}, text=True),
    "skipped": Kind({"message": LINE}),
    "system-out": Kind(text=True),
}


def faults(document: bytes) -> list[str]:
    """What is wrong with a document; nothing when it is as it should be. Raises ParseError when it is no XML."""
    root = ET.fromstring(document)
    wrong = [] if root.tag == "testsuites" else [f"the root is {root.tag}"]
    return wrong + [each for element in root.iter() for each in _faults(element)] + _sums(root)


def _faults(element: ET.Element) -> list[str]:
    kind = KINDS.get(element.tag)
    if kind is None:
        return [f"there is no element {element.tag}"]
    wrong = [f"{element.tag} has {set(element.attrib)}"] if set(element.attrib) != set(kind.attributes) else []
    wrong += [
        f"{element.tag}/@{name} is {element.get(name)!r}"
        for name, pattern in kind.attributes.items()
        if not re.fullmatch(pattern, element.get(name, ""))
    ]
    children = "".join(f"{child.tag} " for child in element)
    wrong += [] if re.fullmatch(kind.children, children) else [f"{element.tag} holds {children}"]
    return wrong + ([] if kind.text or not (element.text or "").strip() else [f"{element.tag} holds text"])


def _sums(root: ET.Element) -> list[str]:
    """The counts of suites agree with their cases, and those of the whole with the suites."""
    wrong = []
    for place in (root, *root.iter("testsuite")):
        cases = list(place.iter("testcase"))
        counted = {"tests": len(cases)} | {
            name: sum(case.find(tag) is not None for case in cases)
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        }
        wrong += [f"{place.tag} says {n} {place.get(n)}" for n, value in counted.items() if place.get(n) != str(value)]
    return wrong
