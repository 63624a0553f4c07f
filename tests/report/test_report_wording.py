"""Text that comes from elsewhere, made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provcheck.harness.report.text import counted, duration, one_line, printable


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


@pytest.mark.parametrize("text", ["::error::x", "  ::set-output::x", "a\n \t::stop-commands::x"])
def test_no_line_is_a_command_to_a_runner(text):
    assert not any(line.strip().startswith("::") for line in printable(text).splitlines())


def test_no_sequence_reaches_a_terminal():
    assert one_line("\x1b]0;title\x07a\n::error::b\x9b31m") == "\\x1b]0;title\\x07a\\n\\x3a:error::b\\x9b31m"
