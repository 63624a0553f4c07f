"""The page at `/`: which targets are mounted, and under which URLs. HTML for browsers, else text that a shell can read.

It holds no token, so that it needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from provcheck.mock_targets.exports import SECRETS, as_shell, variables
from provcheck.mock_targets.target.target import Target

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4em .8em .4em 0;vertical-align:top;"
    "border-top:1px solid #ccc}code,pre{font:14px ui-monospace,monospace}pre{background:#f4f4f4;padding:1em;"
    "overflow:auto}@media(prefers-color-scheme:dark){body{color:#eee;background:#1a1a1a}pre{background:#2a2a2a}"
    "a{color:#8cf}}"
)
_HEADERS = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Vary", "Accept"),
    ("X-Content-Type-Options", "nosniff"),
]


def answer(
    environ: Mapping[str, Any], start_response: Any, targets: Mapping[str, Target], control_url: str
) -> Iterable[bytes]:
    """Answer a request for `/`, as WSGI apps do."""
    if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
        start_response("405 Method Not Allowed", [("Allow", "GET, HEAD"), ("Content-Length", "0")])
        return []
    is_html = "text/html" in environ.get("HTTP_ACCEPT", "")
    text = page(targets, control_url) if is_html else "".join(f"{line}\n" for line in lines(targets, control_url))
    body, kind = text.encode(), "html" if is_html else "plain"
    about = [("Content-Type", f"text/{kind}; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("200 OK", [*about, *_HEADERS])
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def lines(targets: Mapping[str, Target], control_url: str) -> Iterator[str]:
    """The page as text: exports for a shell, and comments."""
    yield "# provcheck: mock targets. Set the tokens as `provcheck serve` printed them."
    for target in targets.values():
        yield f"# {target.name}: {target.spec.title}"
        yield from (f"#   {label:<13}{url}" for label, url in target.urls().items())
    yield f"# control API: {control_url}"
    yield from _exports(targets, control_url)


def page(targets: Mapping[str, Target], control_url: str) -> str:
    """The page as HTML."""
    rows = "".join(
        f"<tr><th>{escape(target.name)}</th><td>{escape(target.spec.title)}</td><td>{_links(target)}</td></tr>"
        for target in targets.values()
    )
    exports = escape("\n".join(_exports(targets, control_url)))
    control = escape(control_url)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>provcheck: mock targets</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        "<h1>provcheck: mock targets</h1>"
        f"<table><thead><tr><th>target</th><th>is</th><th>URLs</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<h2>Control API</h2><p><code>{control}</code> sets flags, arms faults, and reads snapshots and journals; "
        f'<a href="{control}/openapi.json">its OpenAPI document</a>.</p>'
        "<h2>For a shell</h2><p>The tokens are those that <code>provcheck serve</code> printed.</p>"
        f"<pre>{exports}</pre></body></html>\n"
    )


def _links(target: Target) -> str:
    return "<br>".join(f"{escape(label)}: <code>{escape(url)}</code>" for label, url in target.urls().items())


def _exports(targets: Mapping[str, Target], control_url: str) -> Iterator[str]:
    for name, value in variables(targets, control_url=control_url, control_token="").items():
        yield f"# export {name}=..." if name.endswith(SECRETS) else as_shell(name, value)
