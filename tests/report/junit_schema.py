"""JUnit XML as build servers take it: both strict schemas of the format as one grammar, the narrower rule of each.

From junit-10.xsd of Jenkins' xUnit plugin: which elements and attributes exist at all. From JUnit.xsd, the schema of
Ant's reports by Windy Road: which are required, that they come in order, that a test case holds one outcome and no
output, that names are tokens, and that a timestamp has no zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

COUNT = r"\d+"
TIME = r"\d+\.\d{3}"
TEXT = r"[^\n\t\r]*"
TOKEN = r"(?! )(?:(?!  )[^\n\t\r])*(?<! )"
NAME = rf"(?=.){TOKEN}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_COUNTS = {"tests": COUNT, "failures": COUNT, "errors": COUNT, "skipped": COUNT, "time": TIME}
_SUITE = {"name": NAME, "package": TOKEN, "id": COUNT, "hostname": NAME, "timestamp": MOMENT}


@dataclass(frozen=True)
class Kind:
    """An element: required attributes with their patterns, children in order (`*` any number, `?` at most one)."""

    attributes: dict[str, str] = field(default_factory=dict)
    children: str = ""
    text: bool = False


KINDS = {
    "testsuites": Kind(children="(testsuite )*"),
    "testsuite": Kind({**_SUITE, **_COUNTS}, "properties (testcase )*system-out system-err "),
    "properties": Kind(children="(property )*"),
    "property": Kind({"name": NAME, "value": TEXT}),
    "testcase": Kind({"name": TOKEN, "classname": TOKEN, "time": TIME}, "(skipped |error |failure )?"),
    "failure": Kind({"message": TEXT, "type": TEXT}, text=True),
    "error": Kind({"message": TEXT, "type": TEXT}, text=True),
    "skipped": Kind({"message": TEXT}),
    "system-out": Kind(text=True),
    "system-err": Kind(text=True),
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
    """The counts of suites agree with their cases, and suites are numbered from 0."""
    suites = list(root.iter("testsuite"))
    wrong = [f"suite {n} has id {suite.get('id')}" for n, suite in enumerate(suites) if suite.get("id") != str(n)]
    for suite in suites:
        cases = list(suite.iter("testcase"))
        counted = {"tests": len(cases)} | {
            name: sum(case.find(tag) is not None for case in cases)
            for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
        }
        wrong += [f"{suite.tag} says {n} {suite.get(n)}" for n, value in counted.items() if suite.get(n) != str(value)]
    return wrong
