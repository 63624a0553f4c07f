"""Makes links of citations: web addresses, sections of RFCs, and the vendor's pages that scenarios are taken from.

A link is https or http and nothing else, whatever the text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PINGONE = "https://docs.pingidentity.com/pingone/integrations/{}.html"
PAGES: Mapping[str, str] = {
    "Outbound provisioning sync summary examples": "p1_outbound_group_provisioning_sync_summary_examples",
    "Viewing sync status": "p1_view_sync_status",
    "Sync status": "p1_provisioning_sync_status",
    "Configuring outbound group provisioning": "p1_provisioning_configuring_outbound_group_provisioning",
    "Resync configurations": "p1_resync_configurations",
}
"""Title of a page, as `pingone, TITLE` cites it -> the name of the page."""

_CITATION = re.compile(
    r"(?P<address>https?://[^\s;,()<>\"']+)"
    r"|(?P<place>\b(?:docs|learn|developer|www)\.(?:[a-z0-9-]+\.)*[a-z]{2,}/[^\s;,()<>\"']+)"
    r"|\bRFC (?P<rfc>\d{4,5})(?:,? section (?P<section>\d+(?:\.\d+)*))?"
    rf"|\bpingone, (?P<page>{'|'.join(map(re.escape, sorted(PAGES, key=len, reverse=True)))})"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a citation; `address` is empty if it is no link."""

    text: str
    address: str = ""


def parts(citation: str) -> Iterator[Part]:
    """Split a citation into links and the text between them."""
    end = 0
    for match in _CITATION.finditer(citation):
        if match.start() > end:
            yield Part(citation[end : match.start()])
        text = match.group().rstrip(".:")
        yield Part(text, _address(match, text))
        end = match.start() + len(text)
    if end < len(citation):
        yield Part(citation[end:])


def _address(match: re.Match[str], text: str) -> str:
    if match["address"]:
        return text
    if match["place"]:
        return f"https://{text}"
    if match["page"]:
        return _PINGONE.format(PAGES[match["page"]])
    section = f"#section-{match['section']}" if match["section"] else ""
    return f"https://www.rfc-editor.org/rfc/rfc{match['rfc']}{section}"
