"""The causes that one check can find, each with the fix that fits it. Reports group cases by them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause, in a few words; an empty fix stands for that of the check."""

    name: str
    fix: str = ""


MISSING = Cause("missing", "Create who has no account; look up by id and by every name, inactive accounts too, first.")
DOUBLED = Cause(
    "more than one",
    "Look up by the unique identifier, inactive accounts too, before creating; after a 409 search and link.",
)
STILL_THERE = Cause(
    "still there",
    "Delete whoever left the rule where DEPROVISION_USERS is on and REMOVE_ACTION is Delete; try again what failed.",
)
LEFT_ON = Cause(
    "left on",
    "Turn the account off when its user leaves the rule (DEPROVISION_USERS, REMOVE_ACTION) or is disabled at the "
    "source (DISABLE_USERS); try again in the next run what failed.",
)
TURNED_OFF = Cause(
    "turned off",
    "Leave accounts on that no switch allows to be turned off, and turn one on again when its user comes back.",
)
DIFFERS = Cause(
    "attributes differ",
    "Write every mapped attribute that differs, clear what is gone at the source, and leave alone what is not mapped.",
)
MEMBERS_LACK = Cause(
    "members are missing", "Write every member who has an account, all chunks of them, and what waited for an account."
)
MEMBERS_REMAIN = Cause(
    "members too many",
    "Take out who left the group or the rule; under Overwrite take out everybody else, under Merge nobody else.",
)
_REQUESTS = {
    "user.create": "Look the account up before a create, link what exists, and ask CREATE_USERS.",
    "user.update": "Compare before an update, send only what differs, and ask UPDATE_USERS.",
    "user.replace": "Compare before an update, send only what differs, and ask UPDATE_USERS.",
    "user.disable": "Turn off only who left the rule or is disabled at the source, as the switches allow.",
    "user.delete": "Delete only who left the rule, where DEPROVISION_USERS is on and REMOVE_ACTION is Delete.",
    "group.create": "Look the group up by name before a create, and keep its id when it is renamed.",
    "group.delete": "Leave a group that left the rule, unless GROUP_REMOVE_ACTION says otherwise.",
}
_COUNTERS = {
    "impacted": "Count the distinct users or groups that the rule selects, once each.",
    "success": "Count Success once the last write was accepted; a withheld update does not take it away.",
    "unsynced": "Count as Unsynced who has no account because a switch withheld the create; an error is Failed.",
    "partially_synced": "Count as Partially Synced whose account differs because a switch withheld the update.",
    "failed": "Count as Failed whose last attempt ended in an error, until an attempt or a look-up makes it good.",
}


def of_requests(operation: str, *, too_many: bool) -> Cause:
    """The cause of requests that a scenario does not allow, or that are missing."""
    if too_many:
        return Cause(f"{operation} sent", _REQUESTS.get(operation, ""))
    return Cause(f"{operation} left out", "Send what differs: nothing but a switch of the connection keeps it back.")


def of_counter(name: str) -> Cause:
    """The cause of a counter that is not as expected."""
    return Cause(name.replace("_", " "), _COUNTERS[name])


def of_error(message: str) -> Cause:
    """The cause of an error of the client: its message, without the step in which it came."""
    return Cause(message.partition(": ")[2][:80] or message[:80])
