"""The people and groups that generated scenarios are about."""

from __future__ import annotations

from provcheck.harness.model import SourceUser

PEOPLE = ("ada", "ben", "cem", "dan", "eve", "fay")
UNMANAGED = ("xia", "yan", "zoe")
"""Names of accounts at the target that no user at the source ever has."""
GROUPS = ("Red", "Green", "Blue")
FAMILIES = ("Moe", "Kaya", "Okri", "Lund")
DEPARTMENTS = ("Sales", "Support")
FILTER = 'department Eq "Sales"'
"""The user filter of a rule that selects some of them."""


def person(name: str, *, department: str = "Sales") -> SourceUser:
    """Return a source user with every attribute filled in."""
    given = name.capitalize()
    return SourceUser(
        f"u-{name}",
        name,
        email=f"{name}@example.com",
        given_name=given,
        family_name="Berg",
        display_name=f"{given} Berg",
        attributes={"department": department},
    )
