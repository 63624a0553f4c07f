"""How commands say that they cannot do what is asked: one line on standard error, exit code 2, never a traceback."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """The command cannot do what is asked, or we are at fault; the message is one line."""

    exit_code = 2

    def format_message(self) -> str:
        """The message on one line, without secrets and control characters, whatever it was made of."""
        from provcheck.harness.model.redaction import Redactor  # late: a command that works needs none of it
        from provcheck.harness.report.text import one_line

        return one_line(" ".join(Redactor().text(self.message).split()))
