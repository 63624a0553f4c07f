"""How commands say that they cannot do what is asked: one line on standard error, exit code 2, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import click


class Refused(click.ClickException):
    """The command cannot do what is asked, or we are at fault; the message is one line."""

    exit_code = 2

    def format_message(self) -> str:
        """The message on one line, whatever it was made of."""
        return " ".join(self.message.split())


def nearest(name: str, known: Iterable[str]) -> str:
    """The names that were probably meant, as the end of a sentence; empty when none comes near."""
    names = {each.casefold(): each for each in known}
    wanted = name.casefold()
    near = [folded for folded in names if wanted and wanted in folded] + get_close_matches(wanted, names)
    shown = [names[folded] for folded in dict.fromkeys(near)][:3]
    return f"; did you mean {' or '.join(shown)}?" if shown else ""
