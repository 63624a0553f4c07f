"""How commands say that they cannot do what is asked: one line on standard error, exit code 2, never a traceback."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """The command cannot do what is asked, or we are at fault; the message is one line."""

    exit_code = 2

    def format_message(self) -> str:
        """The message on one line, whatever it was made of."""
        return " ".join(self.message.split())
