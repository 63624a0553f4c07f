"""`provcheck list faults`: the catalogue for people, for programs and for a page."""

from __future__ import annotations

import json

from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.harness.testbed.catalog import faults


def shown(*options: str) -> str:
    result = CliRunner().invoke(main, ["list", "faults", *options])
    assert result.exit_code == 0
    return result.output


def test_people_read_the_name_and_what_a_correct_client_does():
    text = shown()
    assert all(fault.name in text for fault in faults())
    assert "A correct client: " in text


def test_programs_read_json():
    assert [each["name"] for each in json.loads(shown("--json"))] == [fault.name for fault in faults()]


def test_a_page_gets_a_table():
    rows = [line for line in shown("--markdown").splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [fault.name for fault in faults()]
