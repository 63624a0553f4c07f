"""Figures of the evidence page that can be counted are what they are."""

from __future__ import annotations

import json
import re

from tests.broken_clients import catalogue, generated
from tests.documentation.pages import DOCS

PAGE = " ".join((DOCS / "evidence.md").read_text(encoding="utf-8").split())


def test_broken_clients_and_how_many_generated_scenarios_catch() -> None:
    measured = json.loads(generated.FILE.read_text(encoding="utf-8"))
    (least,) = re.findall(r"more than (\d+) broken clients", PAGE)
    assert int(least) < len(catalogue.all()) < int(least) * 2
    assert f": {len(measured['caught'])} within {measured['within']} scenarios of one seed" in PAGE
