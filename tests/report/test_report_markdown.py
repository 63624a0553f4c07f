"""The Markdown report and the annotations: what a forge makes of them, whatever the text in it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from provcheck.harness.model import RunFinished
from provcheck.harness.report.annotations import commands
from provcheck.harness.report.markdown import LIMIT, escaped, markdown
from provcheck.harness.report.record import RunRecord
from provcheck.harness.report.text import printable
from tests.report.hostile_run import PAYLOADS, hostile
from tests.report.recorded_run import BAD, E5, FINDING, GOOD, NOON, case, whole

FORGE = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ELEMENTS = re.compile(r"h2|p|code|details|summary|table|thead|tbody|tr|th|td|strong|em|a|ul|li")


class Rendered(HTMLParser):
    """What a forge shows."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(FORGE.render(text))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not attrs or (tag == "a" and [name for name, _ in attrs] == ["href"])
        self.addresses += [value or "" for _, value in attrs]

    def handle_comment(self, data):
        raise AssertionError(data)

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).replace("\u200b", "").split())


def recorded(events) -> RunRecord:
    record = RunRecord()
    for event in events:
        record(event)
    return record


def rendered(events) -> Rendered:
    return Rendered(markdown(recorded(events)))


def test_counts_and_the_cases_that_need_attention_come_first():
    text = markdown(recorded(whole()))
    assert text.startswith("## ❌ provcheck: 1 of 4 cases with findings\n")
    assert "✅ 1 hold · ➖ 1 skipped · ⚠️ 1 with an error of ours · ❌ 1 with findings" in text
    table, _, rest = text.partition("<details>")
    assert "| <code>e5-create-not-allowed</code> | <code>slack</code> | ❌ 2 findings | counter as expected |" in table
    assert "<code>scim</code>" not in table
    assert "all 4 cases" in rest


def test_findings_are_folded_with_source_and_fix():
    page = rendered(whole())
    assert all(map(ELEMENTS.fullmatch, page.tags))
    for part in (FINDING.rule, "users.failed: expected 0, seen 5, exchanges 3, 7", "To mend it: Follow one user"):
        assert part in page.text


def test_citations_are_links_where_there_is_an_address():
    finding = replace(FINDING, source="pingone, Viewing sync status; RFC 7644, section 3.3")
    page = rendered(case(E5, "scim", BAD, finding))
    assert "https://www.rfc-editor.org/rfc/rfc7644#section-3.3" in page.addresses
    assert "; RFC 7644" in page.text


def test_a_run_without_findings_is_short():
    text = markdown(recorded([*case(E5, "scim", GOOD), RunFinished(NOON, 1, 0, 0, 0, 1.0)]))
    assert text.partition("<details>")[0].count("|") == 0
    assert len(text) < 400


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_field_is_text(payload):
    page = rendered(hostile(payload))
    assert all(map(ELEMENTS.fullmatch, page.tags))
    assert all(re.match(r"https?://", address) for address in page.addresses)
    assert " ".join(printable(payload).split()) in page.text


@given(st.text(st.characters(exclude_categories=())) | st.text("`*_<>[]()|\\#@!~&;:/.-+1 \n"))
@example("__0__")
@settings(max_examples=60)
def test_any_text_is_text(text):
    page = rendered(hostile(text, source="our ruling"))
    assert all(map(ELEMENTS.fullmatch, page.tags))
    assert page.addresses == []
    assert Rendered(f"x {escaped(text)}").text == " ".join(f"x {printable(text)}".replace("\u200b", "").split())


@pytest.mark.parametrize("text", ["@everyone", "see #12", "mail ada@example.com", "www.x.org", "https://x.org"])
def test_nobody_is_mentioned_and_nothing_is_linked(text):
    assert "&#8203;" in escaped(text)


def test_a_long_report_is_kept_short_and_says_so():
    events = [
        each
        for n in range(400)
        for each in case(f"s{n}", "scim", BAD, replace(FINDING, check=f"check{n}", seen="x" * 900))
    ]
    text = markdown(recorded(events))
    assert len(text) <= LIMIT + 1
    assert "left out here for want of room" in text
    assert all(map(ELEMENTS.fullmatch, rendered(events).tags))


def annotated(events) -> list[str]:
    return list(commands(recorded(events)))


def test_a_finding_is_an_annotation_and_equal_ones_are_one():
    (line,) = annotated([*case(E5, "scim", BAD, FINDING), *case(E5, "slack", BAD, FINDING)])
    assert line.startswith(
        "::error title=counter as expected does not hold%3A e5-create-not-allowed on scim%2C slack::users.failed: "
    )
    assert "%0Ato mend it: " in line


def test_an_error_of_ours_is_a_warning_and_what_holds_is_silent():
    assert annotated(case(E5, "scim", GOOD)) == []
    assert annotated(case(E5, "scim", None, reason="boom")) == [
        f"::warning title=provcheck itself failed%3A {E5} on scim::boom"
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_breaks_out_of_its_annotation(payload):
    for line in annotated(hostile(payload)):
        assert re.fullmatch(r"::(error|warning) title=[^:,\r\n]*::[^\r\n]*", line)


def test_annotations_may_leave_their_stream_open():
    from provcheck.harness.report.annotations import AnnotationsReport

    stream = io.StringIO()
    AnnotationsReport(stream, closes=False).close()
    assert not stream.closed


def test_the_command_that_plays_a_case_again_is_told_whole():
    spec = "node " + "very/" * 200 + "long.mjs"
    begun = replace(whole()[0], command=("provcheck", "check", "--client", spec))
    shown = Rendered(markdown(recorded([begun, *whole()[1:]])))
    assert f"provcheck check --client '{spec}' --scenario {E5} --target slack+" in shown.text
