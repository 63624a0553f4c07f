"""`python -m provcheck.harness.reference docs/reference`: write the generated pages into a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from provcheck.harness.reference import pages


def main(arguments: list[str]) -> int:
    """Write every page into the folder that is named. Exit code: 0 when written, 2 when that is not possible."""
    try:
        (folder,) = map(Path, arguments)
        for name, text in pages().items():
            (folder / name).write_text(text, encoding="utf-8")
    except (ValueError, OSError) as error:
        sys.stderr.write(f"usage: python -m provcheck.harness.reference FOLDER ({error})\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
