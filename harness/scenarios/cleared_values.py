"""Values that are cleared at the source: each usual attribute alone, all at once, and what a target cannot do without.

Where a target takes no cleared value, its user is Partially Synced or Failed, and no plain Success.
"""

from __future__ import annotations

from provcheck.harness.model import Account, After, Given, Resync, Scenario
from provcheck.harness.scenarios.people import source
from provcheck.harness.scenarios.phrases import STATUS_PAGE, change, counters, derived, never, ruling, sync

_CLEARED = ruling(STATUS_PAGE, "a value cleared at the source is a change: the value at the target goes")
_FIELDS = {
    "given_name": ("givenName", "Ada", "given name"),
    "family_name": ("familyName", "Byron", "family name"),
    "display_name": ("displayName", "Ada Byron", "display name"),
    "email": ("email", "ada@example.com", "e-mail address"),
}
"""Field of the source -> core word, the value before, and how it is called."""


_KEPT_OR_CLEARED = counters(2, frozenset({1, 2}), partially_synced=frozenset({0, 1}), failed=frozenset({0, 1}))
"""What may be said of Ada where a target need not take it: whoever is a Success without a flag is in sync."""


def _scenario(name: str, title: str, *fields: str) -> Scenario:
    """Ada's fields are cleared and come back. What is said of her is checked against what the target then holds."""
    words = {_FIELDS[each][0]: _FIELDS[each][1] for each in fields}
    return derived(
        name,
        title,
        "A value that is gone at the source goes at the target, or is said to be there still, and comes back with the "
        "source's.",
        _CLEARED,
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2), wire=(Account("ada", holds=words),)),
            sync(change("ada", **dict.fromkeys(fields, ""))),
            After(users=_KEPT_OR_CLEARED, wire=(never("user.create"),)),
            Resync(),
            After(users=_KEPT_OR_CLEARED, wire=(never("user.create"),)),
            sync(change("ada", **{each: _FIELDS[each][1] for each in fields})),
            After(users=counters(2, 2), wire=(Account("ada", holds=words),)),
        ],
        needs=["create", "update"],
    )


_WORDS = {field: word for field, (_, _, word) in _FIELDS.items()}

SCENARIOS = (
    *(
        _scenario(f"{word.replace(' ', '-')}-cleared", f"A user's {word} is cleared", field)
        for field, word in _WORDS.items()
    ),
    _scenario("names-cleared-at-once", "All names of a user are cleared", *tuple(_FIELDS)[:3]),
    derived(
        "everything-cleared-at-once",
        "All that a user need not have is cleared",
        "Where a target takes it, nothing is written in the place of a value that is gone.",
        _CLEARED,
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(change("ada", **dict.fromkeys(_FIELDS, ""))),
            After(
                users=counters(2, 2),
                wire=(Account("ada", holds={word: None for word, _, _ in _FIELDS.values()}),),
            ),
        ],
        needs=["create", "update", "optional_names"],
    ),
)
"""In the order in which they are listed."""
