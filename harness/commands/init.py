"""`provcheck init`: writes a small client that speaks the contract and works at once, to be made one's own.

A directory with anything in it is left as it is.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from provcheck.harness.errors import Refused

STARTERS = {"python": ("client.py", "python3"), "node": ("client.mjs", "node")}
"""Language -> the file that is written, and what runs it."""


@click.command(name="init")
@click.argument("language", type=click.Choice(list(STARTERS)))
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def init(language: str, directory: Path) -> None:
    """Write a starter client in LANGUAGE to DIR, which is made if need be.

    It needs nothing installed beside Python 3.11 or Node 20, serves SCIM users, and says so: everything else is
    skipped until you add it.

    \b
      provcheck init node my-client
      provcheck check --client 'node my-client/client.mjs'
    """
    name, runner = STARTERS[language]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise Refused(f"{directory} is not empty; nothing was written")
        starter = (files("harness") / "starters" / f"{name}.txt").read_text(encoding="utf-8")
        (directory / name).write_text(starter, encoding="utf-8")
    except OSError as error:
        raise Refused(f"cannot write to {directory}: {error.strerror}") from None
    click.echo(f"wrote {directory / name}; now try: provcheck check --client '{runner} {directory / name}'")
