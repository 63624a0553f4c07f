"""Mistakes with values: cut, spelled otherwise, cleared too little, and what is written over beside them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from provcheck.harness.client import ReferenceClient
from provcheck.harness.client.connectors.attribute_mapping import with_leading
from provcheck.harness.client.connectors.scim import ScimConnector, at
from provcheck.harness.client.failures import checked
from provcheck.harness.client.users import Users

from .breaking import Caught, broken

CUT = 200
WORDS = ("userName", "externalId", "givenName", "familyName", "displayName", "email", "active")


class _Writes(ScimConnector):
    """A connector that writes values in a form of its own."""

    def form(self, value: str) -> Any:
        """The form in which a text is written."""
        return value

    def create_account(self, wanted: Any) -> Any:
        return super().create_account(self.formed(wanted))

    def update_account(self, remote_id: str, changes: Any, told: Any = None) -> Any:
        return super().update_account(remote_id, self.formed(changes), told)

    def formed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """All values in that form, but for what names the user."""
        named = ("userName", "externalId", "email")
        return {
            word: self.form(value) if isinstance(value, str) and word not in named else value
            for word, value in values.items()
        }


@broken(
    ScimConnector,
    Caught("account_as_expected", "ada", "long-values"),
    Caught("success_means_in_sync", "ada", "long-values"),
)
class CutsLongValues(_Writes):
    """A value is cut to what a column of the client's own holds."""

    def form(self, value: str) -> Any:
        return value[:CUT]


@broken(
    ScimConnector,
    Caught("account_as_expected", "ada", "values-with-signs"),
    Caught("account_as_expected", "ada", "values-with-signs", "github_emu"),
)
class WritesForAPage(_Writes):
    """Brackets and quotes are written as a web page needs them."""

    def form(self, value: str) -> Any:
        return html.escape(value)


@broken(
    ScimConnector,
    Caught("account_as_expected", "ada", "values-that-look-like-others"),
    Caught("account_as_expected", "ada", "values-that-look-like-others", "slack"),
)
class ReadsNumbersAndSwitches(_Writes):
    """A text that looks like a number, a switch or nothing becomes one on its way through a file."""

    def form(self, value: str) -> Any:
        if value.isdecimal():
            return str(int(value))
        return {"true": "True", "Null": "", "None": ""}.get(value, value)


@broken(
    Users,
    Caught("account_as_expected", "ada", "value-cleared-beside-other-changes"),
    Caught("success_means_in_sync", "ada", "value-cleared-beside-other-changes"),
)
class ClearsNothingBesideChanges(Users):
    """Where some values of a user change, those that are gone are left out of the request."""

    def write(self, user_id: str, user: Any, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        kept = {word: value for word, value in changes.items() if value is not None}
        return super().write(user_id, user, kept or changes, read_back=read_back)


@broken(
    ReferenceClient,
    Caught("account_as_expected", "ada", "value-cleared-after-a-restart"),
    Caught("account_as_expected", "ada", "value-cleared-after-a-restart", "slack"),
)
class ForgetsFurtherWordsOnRestart(ReferenceClient):
    """Which further attributes it has written the client does not know after a restart."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        for user in self.state.users.values():
            user.written = {word: value for word, value in (user.written or {}).items() if word in WORDS}


@broken(
    Users,
    Caught("account_as_expected", "ada", "value-cleared-and-set-again"),
    Caught("account_as_expected", "ada", "value-cleared-and-set-again", "slack"),
)
class RemembersWhatItCleared(Users):
    """A value that was cleared is still remembered as written: it is not written when it comes back."""

    def write(self, user_id: str, user: Any, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        before = dict(user.written or {})
        withheld = super().write(user_id, user, changes, read_back=read_back)
        cleared = {word: before[word] for word, value in changes.items() if value is None and word in before}
        user.written = {**(user.written or {}), **cleared}
        return withheld


@broken(
    Users,
    Caught("account_as_expected", "ada", "value-cleared-while-updating-is-off"),
    Caught("account_as_expected", "ada", "value-cleared-while-updating-is-off", "slack"),
)
class ForgetsAWithheldClear(Users):
    """A clearing that a switch withholds is forgotten, and never made good."""

    def write(self, user_id: str, user: Any, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        withheld = super().write(user_id, user, changes, read_back=read_back)
        if not self.connection.update_users:
            gone = {word for word, value in changes.items() if value is None}
            user.written = {word: value for word, value in (user.written or {}).items() if word not in gone}
        return withheld


@broken(
    Users,
    Caught("account_as_expected", "cem", "everything-about-two-users-changes-at-once"),
    Caught("account_as_expected", "cem", "everything-about-two-users-changes-at-once", "github_emu"),
)
class MixesUsersUp(Users):
    """What is written for one user is kept, and sent for the next one as well."""

    def write(self, user_id: str, user: Any, changes: Mapping[str, Any], *, read_back: bool = False) -> bool:
        left = getattr(self, "left_over", {})
        self.left_over = {word: value for word, value in changes.items() if word == "familyName"}
        return super().write(user_id, user, {**left, **changes}, read_back=read_back)


@broken(
    with_leading,
    Caught("unmapped_attributes_survive", "ada", "email-changes-in-its-place"),
    Caught("account_as_expected", "ada", "email-changes-in-its-place"),
)
def replaces_every_email_address(items: Any, value: Any) -> list[Any]:
    """A new e-mail address takes the place of all that there are."""
    return with_leading([], value)


@broken(
    with_leading,
    Caught("account_as_expected", "ada", "email-changes-in-its-place"),
)
def adds_a_new_email_address(items: Any, value: Any) -> list[Any]:
    """A new e-mail address is added, and the old one stays beside it."""
    kept = [{key: part for key, part in item.items() if key != "primary"} for item in items or ()]
    return [*kept, *with_leading([], value)]


@broken(
    with_leading,
    Caught("account_as_expected", "ben", "email-changes-in-its-place"),
)
def loses_type_and_primary(items: Any, value: Any) -> list[Any]:
    """A changed e-mail address has neither type nor primary any more."""
    changed = with_leading(items, value)
    return [{"value": each["value"]} if each.get("value") == value else each for each in changed]


@broken(
    ScimConnector,
    Caught("unmapped_attributes_survive", "ada", "unmapped-attributes-survive-an-update"),
    Caught("unmapped_attributes_survive", "ada", "email-stays-while-others-change"),
    Caught("account_as_expected", "ada", "unmapped-attributes-survive-linking"),
)
class PutsWhatItKnows(ScimConnector):
    """An account is replaced with the attributes that the rule maps; whatever else it had is gone."""

    def update_account(self, remote_id: str, changes: Any, told: Any = None) -> Any:
        path = at(self.users, remote_id)
        account = self.read_account(remote_id)
        if account is None:
            return super().update_account(remote_id, changes, told)
        known = {word: self.value(account, word) for word in WORDS}
        wanted = {**known, **changes}
        document = self.attribute_mapping.build({word: value for word, value in wanted.items() if value is not None})
        shown = checked(self.caller.again("PUT", path, document)).document
        return None if shown is None else self.only_match([shown], "accounts")


@broken(
    Users,
    Caught("unmapped_attributes_survive", "ada", "leaver-keeps-every-attribute"),
    Caught("account_as_expected", "ada", "leaver-keeps-every-attribute"),
)
class WipesLeavers(Users):
    """The account of a leaver is replaced with one that has a name and is off."""

    def remove(self, user_id: str, user: Any, remote_id: str) -> None:
        account = self.accounts.read(remote_id)
        if self.connection.remove_action == "Delete" or account is None or not self.connection.deprovision_users:
            super().remove(user_id, user, remote_id)
            return
        words = {word: self.connector.value(account, word) for word in ("userName", "externalId")}
        document = {"schemas": account.document["schemas"], **words, "active": False}
        self.connector.caller.again("PUT", at(self.connection.users_resource, remote_id), document)


@broken(
    ScimConnector,
    Caught("unmapped_attributes_survive", "ada", "unmapped-attributes-survive-off-and-on"),
)
class TurnsOnWithAFreshAccount(PutsWhatItKnows):
    """An account that is turned on again is written as if it were new."""

    def update_account(self, remote_id: str, changes: Any, told: Any = None) -> Any:
        if changes.get("active") is True:
            return super().update_account(remote_id, changes, told)
        return super(PutsWhatItKnows, self).update_account(remote_id, changes, told)
