"""Words that code, tests and pages do not use any more, because the field has its own: each with what to write instead.

Names are split at underscores and capitals, so that `_estate` and `EstateOf` count as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
FOLDERS = ("mock_targets", "harness", "provcheck", "tests", "benchmarks", "examples", "docs")
KINDS = {".py", ".md", ".mjs", ".yml", ".toml", ".html", ".j2"}
RETIRED: Mapping[str, str] = {
    "estate": "environment",
    "lens(es)?": "core mapping",
    "veil": "replication lag",
    "agenda": "deferred changes",
    "mischief": "race",
    "spoil(s|ed|ing|t)?": "response effect",
    "trait": "request condition",
    "voice": "error format",
    "likeness(es)?": "preset",
    "furnish(es|ed|ing)?": "seed",
    "scene": "target fixture",
    "stage": "testbed",
    "sight": "observation",
    "annals": "history recorder",
    "dice": "seeded choice",
    "turbulence": "disruption",
    "calm": "recovery",
    "meddl(e|es|ed|ing|er)": "external change",
    "(had|has|have) a hand": "external change",
    "stranger": "unmanaged account",
    "tripwire": "crash after, or target denies",
    "ledger": "coverage",
    "law": "check",
    "invariant": "check",
    "breach(es)?": "violation",
    "offence": "violation",
    "pace": "retry timing",
    "passage": "console detail",
    "patience": "what it measures, with its unit",
    "announcement": "ready message, or announced operation",
    "plant(s|ed|ing)?": "seed",
    "drawing": "generator",
    "course": "run history",
    "world": "imagined target",
    "(come|comes|came) to rest": "checkpoint",
    "clean rest": "clean checkpoint",
    "blot": "redact",
    "the rule to know": "a plain statement",
    "somebody else's hand": "external change",
    "closing words": "console summary",
    "under the table": "dropped",
    "out of sight": "hidden",
}
OLD_NAME = "a name of an earlier version that still works"
IN_REPORTS = "the name of a check or a text of a named fault, which users' reports and settings hold"
ALLOWED: Mapping[tuple[str, str], str] = {
    ("estate", "CHANGELOG.md"): OLD_NAME,
    ("estate", "harness/pytest_plugin.py"): OLD_NAME,
    ("estate", "tests/plugin/test_pytest_plugin.py"): OLD_NAME,
    ("meddl(e|es|ed|ing|er)", "docs/file-formats.md"): OLD_NAME,
    ("meddl(e|es|ed|ing|er)", "harness/generate/scenario_file.py"): OLD_NAME,
    ("meddl(e|es|ed|ing|er)", "tests/generate/test_generate_file.py"): OLD_NAME,
    ("meddl(e|es|ed|ing|er)", "tests/generate/test_generate_play.py"): OLD_NAME,
    ("stranger", "docs/reference/checks.md"): IN_REPORTS,
    ("stranger", "harness/checks/disruption.py"): IN_REPORTS,
    ("stranger", "tests/broken_clients/generated.py"): IN_REPORTS,
    ("patience", "docs/reference/checks.md"): IN_REPORTS,
    ("patience", "docs/reference/faults.md"): IN_REPORTS,
    ("patience", "harness/checks/disruption.py"): IN_REPORTS,
    ("patience", "mock_targets/faults/catalog/connections.py"): IN_REPORTS,
    ("law", "docs/decisions/0009-one-check-decorator.md"): "the decision tells what was replaced",
    ("invariant", "docs/decisions/0009-one-check-decorator.md"): "the decision tells what was replaced",
}
"""Why a word stays in a file."""


def pages() -> Iterator[Path]:
    """Everything that is written by hand."""
    yield from (path for path in TOP.glob("*.*") if path.suffix in KINDS)
    for folder in FOLDERS:
        yield from (path for path in sorted((TOP / folder).rglob("*")) if path.suffix in KINDS and path.is_file())


def plain(text: str) -> str:
    """A text in lower case, its names split into words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text).lower()


def test_nobody_uses_a_retired_word() -> None:
    words = "|".join(f"(?P<w{place}>{word})" for place, word in enumerate(RETIRED))
    pattern = re.compile(rf"\b(?:{words})s?\b")
    offenders, used = [], set()
    for path in pages():
        name = path.relative_to(TOP).as_posix()
        if path == Path(__file__):
            continue
        text = plain(path.read_text(encoding="utf-8"))
        for found in pattern.finditer(text):
            word = list(RETIRED)[int((found.lastgroup or "w0")[1:])]
            used.add((word, name))
            if (word, name) not in ALLOWED:
                number = text.count("\n", 0, found.start()) + 1
                offenders.append(f"{name}:{number}: {found.group()} -> {RETIRED[word]}")
    offenders += [f"{name}: no longer has {word}, take it from ALLOWED" for word, name in sorted(ALLOWED.keys() - used)]
    assert not offenders, "\n".join(offenders)
