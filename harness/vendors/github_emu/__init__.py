"""GitHub Enterprise Managed Users."""

ALIASES = ("github",)
"""Other spellings of its name."""
