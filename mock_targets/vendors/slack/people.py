"""People whom SCIM may not touch in every way: bots, owners, admins, and those who asked to be forgotten.

Nothing in SCIM makes a person one of these, so flags of the target name them.
Source: https://docs.slack.dev/reference/scim-api#errors (the cannot_... codes).
"""

from __future__ import annotations

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.flags import named


def check_change(before: Document, after: Document, behaviour: Behaviour) -> None:
    """Raise SlackError when this change of a person is not allowed."""
    who = before["userName"].casefold()
    _check_not_forgotten(who, behaviour)
    if before["active"] and not after["active"]:
        check_may_leave(before, behaviour)
    if urns.GUEST in after and urns.GUEST not in before:
        for flag in ("primary_owner", "admins"):
            if who in named(getattr(behaviour, flag)):
                raise SlackError("cannot_make_user_guest", flag=flag)


def check_may_leave(document: Document, behaviour: Behaviour) -> None:
    """Raise SlackError when this person cannot be deactivated."""
    who = document["userName"].casefold()
    if who in named(behaviour.bot_users):
        raise SlackError("cannot_disable_bot_user_with_scim", flag="bot_users")
    if who in named(behaviour.primary_owner):
        raise SlackError("cannot_disable_primary_owner", flag="primary_owner")
    _check_not_forgotten(who, behaviour)


def _check_not_forgotten(who: str, behaviour: Behaviour) -> None:
    if who in named(behaviour.forgotten_users):
        raise SlackError("cannot_modify_gdpr", flag="forgotten_users")
