"""Hook of mkdocs: a folder in `nav` (`reference/`) stands for the pages in it, `index.md` first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent


def on_config(config: Any) -> Any:
    """Put the pages of each folder into the navigation."""
    config["nav"] = expanded(config["nav"])
    return config


def expanded(nav: Any) -> Any:
    """A navigation with the pages of its folders: `- Decisions: decisions/` is a section of them."""
    if isinstance(nav, dict):
        return {title: expanded([of] if isinstance(of, str) and of.endswith("/") else of) for title, of in nav.items()}
    if isinstance(nav, list):
        return [page for entry in nav for page in (pages(entry) if _is_folder(entry) else [expanded(entry)])]
    return nav


def pages(folder: str) -> list[str]:
    """The pages of a folder by their paths below `docs/`."""
    found = sorted((DOCS / folder).glob("*.md"), key=lambda path: (path.name != "index.md", path.name))
    return [path.relative_to(DOCS).as_posix() for path in found]


def _is_folder(entry: Any) -> bool:
    return isinstance(entry, str) and entry.endswith("/")
