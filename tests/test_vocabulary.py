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
    "blot": "redact",
    "the rule to know": "a plain statement",
    "somebody else's hand": "external change",
    "closing words": "console summary",
    "under the table": "dropped",
}
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "CHANGELOG.md": ("estate",),
    "docs/": ("meddl(e|es|ed|ing|er)", "stranger", "law", "invariant", "patience"),
    "harness/": (
        "estate",
        "spoil(s|ed|ing|t)?",
        "meddl(e|es|ed|ing|er)",
        "stranger",
        "tripwire",
        "ledger",
        "patience",
    ),
    "mock_targets/": (
        "spoil(s|ed|ing|t)?",
        "trait",
        "voice",
        "likeness(es)?",
        "furnish(es|ed|ing)?",
        "sight",
        "patience",
        "the rule to know",
        "under the table",
    ),
    "tests/broken_clients/": ("stranger",),
    "tests/faults/": ("trait",),
    "tests/generate/": ("meddl(e|es|ed|ing|er)",),
    "tests/plugin/": ("estate",),
}
"""By path or folder: words that a user's files or reports need, or that mean something else there."""


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
    offenders = []
    for path in pages():
        name = path.relative_to(TOP).as_posix()
        allowed = {word for at, words in ALLOWED.items() if name.startswith(at) for word in words}
        if path == Path(__file__):
            continue
        text = plain(path.read_text(encoding="utf-8"))
        for found in pattern.finditer(text):
            word = list(RETIRED)[int((found.lastgroup or "w0")[1:])]
            if word not in allowed:
                number = text.count("\n", 0, found.start()) + 1
                offenders.append(f"{name}:{number}: {found.group()} -> {RETIRED[word]}")
    assert not offenders, "\n".join(offenders)
