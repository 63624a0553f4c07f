"""Every behaviour that the page of the presets promises is there; every preset has a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from provcheck.mock_targets.vendors.scim.presets import PRESETS
from tests.scim.preset_rows import ROWS, Row, page
from tests.scim.scim_rig import Scim

PAGE = Path(__file__).parents[2] / "docs" / "presets.md"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.preset}-{row.test}")
def test_a_preset_does_what_its_source_says(row: Row):
    scim = Scim()
    scim.target.apply_profile(row.preset)
    assert row.probe(scim) == row.seen


def test_every_preset_has_a_table_and_the_page_shows_every_row():
    assert {row.preset for row in ROWS} == set(PRESETS)
    assert PAGE.read_text(encoding="utf-8") == page()
