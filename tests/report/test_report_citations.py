"""Citations: what can be linked is linked, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provcheck.harness import scenarios
from provcheck.harness.report.citations import parts


@pytest.mark.parametrize(
    "citation, text, address",
    [
        (
            "RFC 7644, section 3.5.2: PATCH",
            "RFC 7644, section 3.5.2",
            "https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2",
        ),
        ("our ruling; RFC 9110", "RFC 9110", "https://www.rfc-editor.org/rfc/rfc9110"),
        ("see https://docs.slack.dev/x#y, row 1", "https://docs.slack.dev/x#y", "https://docs.slack.dev/x#y"),
        (
            "docs.github.com/en/rest/scim says so.",
            "docs.github.com/en/rest/scim",
            "https://docs.github.com/en/rest/scim",
        ),
        (
            "pingone, Viewing sync status, Steps",
            "pingone, Viewing sync status",
            "https://docs.pingidentity.com/pingone/integrations/p1_view_sync_status.html",
        ),
    ],
)
def test_a_citation_is_linked(citation, text, address):
    assert [(part.text, part.address) for part in parts(citation) if part.address] == [(text, address)]


@pytest.mark.parametrize("citation", ["", "our ruling", "javascript:alert(1)", "data:text/html,x", "RFC", "ftp://x/y"])
def test_what_is_no_address_is_not_linked(citation):
    assert not [part for part in parts(citation) if part.address]


@settings(suppress_health_check=[HealthCheck.too_slow])  # which depends on how busy the machine is
@given(st.text() | st.from_regex(r"(https?:|docs\.x\.org/|RFC \d{4}|pingone, )[^\n]*"))
def test_nothing_is_lost_and_addresses_are_of_the_web(citation):
    found = list(parts(citation))
    assert "".join(part.text for part in found) == citation
    assert all(part.address.startswith(("https://", "http://")) for part in found if part.address)


def test_every_documented_example_is_linked():
    documented = [scenario for scenario in scenarios.all() if scenario.level == "documented"]
    assert all(any(part.address for part in parts(str(scenario.source))) for scenario in documented)
