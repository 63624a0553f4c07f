"""Text that comes from elsewhere, made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provcheck.harness.report.text import counted, duration, printable


@given(st.text(st.characters(exclude_categories=())))
def test_printable_text_is_printable_and_encodable(text):
    shown = printable(text)
    assert all(each.isprintable() or each in "\n\t" for each in shown)
    shown.encode()


def test_ordinary_text_stays_as_it_is():
    assert printable("Zoë 東京 🙂\n\tx") == "Zoë 東京 🙂\n\tx"


def test_counted_knows_one_from_many():
    assert [counted(n, "case") for n in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]


@pytest.mark.parametrize("seconds, text", [(0.04, "0.0 s"), (9.96, "10.0 s"), (59.4, "59.4 s"), (60, "1 min 0 s")])
def test_durations_are_for_people(seconds, text):
    assert duration(seconds) == text
