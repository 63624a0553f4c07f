"""GitHub Enterprise Managed Users."""

ALIASES = ("github", "githubemu")
"""Other spellings of its name."""
