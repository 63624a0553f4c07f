"""The HTML report: one file, no scripts, no network, whatever the text in it; and all that a reader needs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provcheck.harness.model.event import RequestsLinted
from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.report.exchanges import pretty
from provcheck.harness.report.html import HtmlReport
from provcheck.harness.report.text import printable
from tests.report.hostile_run import PAYLOADS, hostile
from tests.report.recorded_run import BAD, E5, FINDING, GOOD, WARNING, case, lacking, whole

VOID = {"meta", "input", "br", "hr", "link", "img"}
ELEMENTS = re.compile(
    r"html|head|meta|title|style|body|a|header|main|footer|section|div|span|p|h[1-5]|ul|ol|li|dl|dt|dd|table|caption|tr|th"
    r"|td|pre|code|b|time|details|summary|fieldset|legend|label|input"
)
ATTRIBUTES = re.compile(
    r"lang|charset|http-equiv|content|name|class|id|href|rel|aria-hidden|aria-labelledby|style|datetime|type|checked|open"
    r"|tabindex|scope|value"
)
LOADS = {"src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "manifest", "xlink:href"}


class Page(HTMLParser):
    """A page taken apart; fails when an element is not closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert len(attrs) == len(dict(attrs)), f"{tag} has an attribute twice"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def having(self, name: str) -> list[str]:
        return [attributes[name] or "" for _, attributes in self.elements if name in attributes]

    def classes(self) -> list[str]:
        return [word for value in self.having("class") for word in value.split()]


def written(events) -> str:
    kept = []

    class Stream(io.StringIO):
        def close(self) -> None:
            kept.append(self.getvalue())

    report = HtmlReport(Stream())
    for event in events:
        report(event)
    report.close()
    return kept[0]


def excerpt(seq: int, **changes) -> Excerpt:
    return replace(
        Excerpt(seq, "2026-01-01T00:00:00+00:00", "POST", "/Users", "user.create", ("ada",), 409, "no", "complete"),
        **changes,
    )


def with_exchanges(*exchanges: Excerpt) -> Page:
    *before, finished = case(E5, "slack", BAD, FINDING)
    return Page(written([*before, replace(finished, exchanges=exchanges)]))


def harmless(page: Page) -> None:
    """No element, attribute or address that is not the report's own."""
    assert all(ELEMENTS.fullmatch(tag) for tag, _ in page.elements)
    assert all(ATTRIBUTES.fullmatch(name) for _, attributes in page.elements for name in attributes)
    assert all(re.match(r"https?://|#[a-z0-9-]+$", address) for address in page.having("href"))
    assert all(re.fullmatch(r"flex-grow: \d+", style) for style in page.having("style"))


def test_nothing_is_loaded_from_anywhere():
    text = written(whole())
    page = Page(text)
    harmless(page)
    assert not LOADS & {name for _, attributes in page.elements for name in attributes}
    assert not re.search(r"@import|url\(|<link|<script|<img|<base", text)
    (policy,) = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_field_is_text(payload):
    page = Page(written(hostile(payload)))
    harmless(page)
    assert " ".join(printable(payload).split()) in page.text


@given(st.text(st.characters(exclude_categories=())))
@settings(max_examples=25)
def test_any_text_is_text(text):
    written_page = written(hostile(text))
    harmless(Page(written_page))
    written_page.encode()


def test_the_head_says_what_came_of_it():
    page = Page(written(whole()))
    assert "a client 1 case of 4 has findings" in page.text
    assert "2025-06-04 12:00 UTC · 1 min 15 s" in page.text
    assert "All 1 case hold" in Page(written([*whole()[:5], whole()[-1]])).text


def test_every_case_has_its_verdict_on_every_target():
    page = Page(written(whole()))
    chips = [value for value in page.having("class") if value.startswith("chip ")]
    assert chips == ["chip holds", "chip findings", "chip skipped", "chip error"]
    assert "the client cannot update" in page.text
    assert "KeyError: 'id'" in page.text


def test_a_finding_comes_with_rule_source_and_fix():
    page = Page(written(whole()))
    for part in (FINDING.rule, "users.failed", "To mend it: Follow one user", "#3, #7"):
        assert part in page.text
    assert "Root cause Counter as expected".casefold() in page.text.casefold()
    assert "waits does not hold warning" in page.text


def test_equal_findings_on_several_targets_are_told_once():
    events = [*case(E5, "scim", BAD, FINDING), *case(E5, "slack", BAD, replace(FINDING, exchanges=(1,)))]
    page = Page(written(events))
    assert page.text.count("findings on scim , slack") == 1
    assert page.text.count("findings on") == 1
    assert "does not hold in 2 cases" in page.text
    assert "again" in page.text


def test_a_summary_is_shown_in_both_layouts_and_a_wrong_counter_stands_out():
    page = Page(written(whole()))
    assert {"layout-2025", "layout-earlier"} <= set(page.classes())
    assert {"layout-2025", "layout-earlier", "show-findings", "show-holds"} <= set(page.having("id"))
    assert page.classes().count("wrong") == 4
    assert "Failed 5 expected 0" in page.text
    assert "Partial Synced" in page.text
    assert "No summary is to be seen" in page.text


def test_exchanges_read_as_a_sequence_with_what_is_left_out():
    page = with_exchanges(
        excerpt(2, telling=True, faults=("busy",), refused_by="allows_create_users", request='{"userName": "ada"}'),
        excerpt(3, status=None, answer="lost", applied="yes"),
        excerpt(9, method="GET", path="/Users?filter=a%20eq%20%22b%22", status=200, applied="none"),
    )
    assert "1 exchange left out" in page.text
    assert "5 exchanges left out" in page.text
    for part in ("#2 POST /Users 409", "fault: busy", "refused by allows_create_users", '{"userName": "ada"}'):
        assert part in page.text
    assert "#3 POST /Users no answer applied answer lost" in page.text
    assert 'filter=a eq "b"' in page.text


def test_json_is_laid_out_and_anything_else_is_left_alone():
    assert pretty('{"a":[1,2]}') == '{"a": [1, 2]}'
    assert pretty('{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","c":{}}').count("\n") == 3
    assert pretty('{"cut": "of …') == '{"cut": "of …'
    assert pretty("[" * 100_000) == "[" * 100_000


def test_warnings_about_requests_stand_apart_and_decide_nothing():
    linted = RequestsLinted(E5, "scim", (WARNING, WARNING))
    events = [*case(E5, "scim", GOOD)]
    page = Page(written([*events[:-1], linted, events[-1]]))
    assert "Warnings about requests" in page.text
    assert "2 times" in page.text
    assert "1 hold" in page.text


def test_anchors_differ_and_every_link_inside_leads_somewhere():
    page = Page(
        written([*case("e5!", "scim", BAD, FINDING), *case("e5?", "scim", BAD, FINDING), *case("…", "scim", GOOD)])
    )
    ids = page.having("id")
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in page.having("href") if address.startswith("#")} <= set(ids)


def test_headings_go_down_one_at_a_time():
    page = Page(written(whole()))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("heard", [0, 1, 2, 3, 4])
def test_a_run_that_was_broken_off_is_shown_as_far_as_it_came(heard):
    page = Page(written(whole()[:heard]))
    assert "the run was broken off" in page.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_can_be_read_on_its_ground(scheme):
    light, _, dark = written([]).partition("prefers-color-scheme: dark")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark.partition("* {")[0]))
    pairs = [(word, f"{word}-ground") for word in ("holds", "findings", "error", "skipped", "fault", "fix")]
    pairs += [
        (word, ground)
        for word in ("text", "soft", "link", "findings", "holds")
        for ground in ("ground", "card", "sunken")
    ]
    poor = {pair: ratio for pair in pairs if (ratio := contrast(*(colours[word] for word in pair))) < 4.5}
    assert poor == {}


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_what_does_not_hold_is_shown_first_and_alone():
    page = Page(written(whole()))
    shown = [attributes["id"] for tag, attributes in page.elements if tag == "input" and "checked" in attributes]
    assert shown == ["show-attention", "layout-2025"]
    assert "choose “all” above" in page.text
    fine = Page(written([*whole()[:5], whole()[-1]]))
    assert "show-attention" not in fine.having("id")
    assert [a["id"] for tag, a in fine.elements if tag == "input" and "checked" in a] == ["show-all", "layout-2025"]


def test_scenarios_that_do_not_hold_stand_before_those_that_do():
    page = Page(written([*case("quiet", "scim", GOOD), *case("loud", "scim", BAD, FINDING)]))
    assert [word for word in page.having("id") if word.startswith("s-")] == ["s-loud", "s-quiet"]


def test_a_run_without_findings_is_counted_without_what_was_skipped():
    skipped = [replace(event, level="documented") if hasattr(event, "level") else event for event in whole()[9:11]]
    assert "All 1 case that was played hold" in Page(written([*whole()[:5], *skipped, whole()[-1]])).text


def test_a_fix_is_told_with_the_first_finding_that_needs_it():
    again = replace(FINDING, entity="users.unsynced")
    page = Page(written([whole()[0], *case(E5, "scim", BAD, FINDING, again)]))
    assert page.text.count("To mend it: Follow one user") == 2  # the root cause above, and the case


def test_the_command_that_plays_a_case_again_is_told_where_there_is_one():
    assert (
        f"provcheck check --client 'node my client.mjs' --scenario {E5} --target slack+" in Page(written(whole())).text
    )
    assert "play it again" not in Page(written(case(E5, "slack", BAD, FINDING))).text


def test_a_root_cause_of_many_scenarios_names_a_few_and_folds_the_others():
    page = Page(written([event for number in range(11) for event in case(f"e{number}", "scim", BAD, FINDING)]))
    assert "3 more scenarios" in page.text


def test_a_warning_that_counts_as_a_finding_is_told_once():
    before = case(E5, "scim", GOOD, WARNING)
    page = Page(written([*before[:-1], RequestsLinted(E5, "scim", (WARNING,)), before[-1]]))
    assert "Warnings about requests" not in page.text


@pytest.mark.parametrize("at, shown", [("2026-01-01T09:08:07.654321+00:00", "09:08:07.654"), ("soon", "soon")])
def test_an_exchange_shows_the_time_of_day(at, shown):
    assert f"ada · {shown}" in with_exchanges(excerpt(1, at=at)).text


def test_what_each_capability_unlocks_is_told_where_something_was_skipped():
    text = Page(written(lacking())).text
    assert "What further capabilities of the client unlock" in text
    assert "update: 1 case, 1 more together with others" in text
    assert "unlock" not in Page(written(whole())).text
