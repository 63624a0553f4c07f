"""How `serve` says that it cannot do what is asked: one line on standard error, exit code 2."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """Invalid options: one line, exit code 2."""

    exit_code = 2

    def format_message(self) -> str:
        """The message on one line, without what could steer a terminal or a CI runner (`##[group]`)."""
        shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in self.message)
        return shown.replace("##", "#\\x23")
