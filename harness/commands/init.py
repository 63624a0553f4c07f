"""`provcheck init`: writes a small working client that implements the contract, to be extended.

Only an empty or new directory is written to.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from provcheck.harness.commands.parameters import StrictCommand
from provcheck.harness.errors import Refused

STARTERS = {"python": ("client.py", "python3"), "node": ("client.mjs", "node")}
"""Language -> the file that is written, and the interpreter that runs it."""


@click.command(cls=StrictCommand, name="init")
@click.argument("language", type=click.Choice(list(STARTERS)))
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def init(language: str, directory: Path) -> None:
    """Write a starter client in LANGUAGE to DIR, which is created if it does not exist.

    It needs Python 3.11 or Node 20 only, syncs users to SCIM targets, and declares no more capabilities: scenarios
    that need others are skipped until you add them.

    \b
      provcheck init node my-client
      provcheck check --client 'node my-client/client.mjs'
    """
    name, runner = STARTERS[language]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise Refused(f"{directory} is not empty; nothing was written")
        starter = (files("provcheck.harness") / "starters" / f"{name}.txt").read_text(encoding="utf-8")
        (directory / name).write_text(starter, encoding="utf-8")
    except OSError as error:
        raise Refused(f"cannot write to {directory}: {error.strerror}") from None
    click.echo(f"wrote {directory / name}; now try: provcheck check --client '{runner} {directory / name}'")
