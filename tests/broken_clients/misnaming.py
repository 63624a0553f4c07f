"""Mistakes with names and ids: signs that are not escaped, another case, another Unicode form, and what is cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

from provcheck.harness.client.connectors.interface import Account, RemoteGroup
from provcheck.harness.client.connectors.scim import ScimConnector, at
from provcheck.harness.client.connectors.search import Search
from provcheck.harness.client.outcome import Json
from provcheck.harness.client.users import Users

from .breaking import Caught, broken

CUT = 64


class _FiltersAlone(Search):
    """A search that looks nobody up in a listing when a filter finds nobody, or is refused."""

    def listed(self, key: str) -> list[Json]:
        return []


@broken(
    Search,
    Caught("requests_as_expected", "*", "user-names-with-signs-are-found"),
    Caught("group_as_expected", 'Say "yes"', "group-names-with-signs-are-merged"),
)
class LeavesQuotesAsTheyAre(_FiltersAlone):
    """Quotes and backslashes stand in a filter as they stand in the name."""

    def matching(self, filter: str, key: str) -> list[Json]:
        return super().matching(filter.replace('\\"', '"').replace("\\\\", "\\"), key)


@broken(
    Search,
    Caught("no_account_is_doubled", "ada", "email-addresses-with-signs-are-found"),
    Caught("group_as_expected", "C++", "group-names-with-signs-are-merged"),
)
class SendsAPlusAsItIs(_FiltersAlone):
    """A plus sign in a query is not escaped, and reaches the target as a blank."""

    def pages(self, query: str, *, to_the_end: bool = False) -> Iterator[Json]:
        return super().pages(query.replace("%2B", "+"), to_the_end=to_the_end)


@broken(
    Search,
    Caught("requests_as_expected", "*", "user-names-with-signs-are-found"),
)
class CutsQueriesAtANumberSign(_FiltersAlone):
    """A number sign in a query is not escaped: what follows it is never sent."""

    def pages(self, query: str, *, to_the_end: bool = False) -> Iterator[Json]:
        return super().pages(query.replace("%23", "#"), to_the_end=to_the_end)


@broken(
    Search,
    Caught("requests_as_expected", "*", "user-names-with-signs-are-found"),
)
class CutsQueriesAtAnAmpersand(_FiltersAlone):
    """An ampersand in a query is not escaped: what follows it is another parameter."""

    def pages(self, query: str, *, to_the_end: bool = False) -> Iterator[Json]:
        return super().pages(query.replace("%26", "&"), to_the_end=to_the_end)


@broken(
    Search,
    Caught("requests_as_expected", "*", "user-names-with-signs-are-found"),
)
class SendsAPercentSignAsItIs(_FiltersAlone):
    """A percent sign in a query is not escaped, and stands for something else with the digits behind it."""

    def pages(self, query: str, *, to_the_end: bool = False) -> Iterator[Json]:
        return super().pages(query.replace("%25", "%"), to_the_end=to_the_end)


@broken(
    ScimConnector,
    Caught("account_as_expected", "ben", "user-name-that-is-a-filter"),
)
class BelievesAFilterThatAUserNameWrote(ScimConnector):
    """Quotes in a user name end the value in a filter, and whoever is found is taken for the user."""

    def find_account(self, wanted: Any) -> Account | None:
        if '"' not in wanted["userName"]:
            return super().find_account(wanted)
        asked = quote(f'userName eq "{wanted["userName"]}"')
        found = self.caller.get(f"{self.users}?filter={asked}").document or {}
        return self.only_match(found.get("Resources") or [], "accounts match")


@broken(
    at,
    Caught("account_as_expected", "ben", "ids-with-signs"),
    Caught("group_as_expected", "Red", "group-ids-with-signs"),
)
def leaves_ids_as_they_are(resource: str, remote_id: str) -> str:
    """The id of an account or group stands in a path as it is."""
    return f"{resource}/{remote_id}"


@broken(
    ScimConnector,
    Caught("account_as_expected", "ada", "values-in-either-unicode-form"),
    Caught("account_as_expected", "ada", "values-in-either-unicode-form", "slack"),
    Caught("account_as_expected", "ada", "values-in-either-unicode-form", "github_emu"),
)
class ComposesEveryValue(ScimConnector):
    """Every text is written in one Unicode form, whatever the source has."""

    def create_account(self, wanted: Any) -> Any:
        return super().create_account(_composed(wanted))

    def update_account(self, remote_id: str, changes: Any, told: Any = None) -> Any:
        return super().update_account(remote_id, _composed(changes), told)


def _composed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {word: normalize("NFC", value) if isinstance(value, str) else value for word, value in values.items()}


@broken(
    Users,
    Caught("requests_as_expected", "user.create", "user-name-in-another-case"),
    Caught("requests_as_expected", "user.create", "user-name-in-another-case", "github_emu"),
)
class TakesAnotherCaseForAnotherUser(Users):
    """A user name that changes in case alone is taken for a new user."""

    def change_account(self, user_id: str, user: Any, wanted: dict[str, Any]) -> None:
        name, was = wanted["userName"], (user.written or {}).get("userName", "")
        if name != was and name.casefold() == was.casefold():
            self.forget_account(user_id)
            self.create(user_id, user, wanted)
        else:
            super().change_account(user_id, user, wanted)


@broken(
    Users,
    Caught("requests_as_expected", "user.create", "user-name-in-another-unicode-form"),
)
class TakesAnotherFormForAnotherUser(Users):
    """A user name that changes its Unicode form alone is taken for a new user."""

    def change_account(self, user_id: str, user: Any, wanted: dict[str, Any]) -> None:
        name, was = wanted["userName"], (user.written or {}).get("userName", "")
        if name != was and normalize("NFC", name) == normalize("NFC", was):
            self.forget_account(user_id)
            self.create(user_id, user, wanted)
        else:
            super().change_account(user_id, user, wanted)


@broken(
    ScimConnector,
    Caught("account_as_expected", "ada", "values-in-another-case"),
    Caught("success_means_in_sync", "ada", "values-in-another-case"),
)
class ComparesWithoutCase(ScimConnector):
    """A value that differs in case alone is taken for equal, and never written."""

    def same(self, word: str, one: Any, other: Any) -> bool:
        return str(one).casefold() == str(other).casefold() if one and other else super().same(word, one, other)


@broken(
    ScimConnector,
    Caught("group_as_expected", "Red", "group-exists-in-another-case"),
)
class FindsGroupsInTheSameCaseOnly(ScimConnector):
    """A group whose name differs in case alone is another group: a second one is made."""

    def find_group(self, name: str) -> RemoteGroup | None:
        found = super().find_group(name)
        return found if found is None or found.name == name else None


@broken(
    ScimConnector,
    Caught("account_as_expected", f"{'a' * 254}1", "long-user-names-differ-at-the-end"),
)
class CutsUserNames(ScimConnector):
    """A user name is cut to what a column of the client's own holds."""

    def create_account(self, wanted: Any) -> Any:
        return super().create_account({**wanted, "userName": wanted["userName"][:CUT]})


@broken(
    ScimConnector,
    Caught("group_as_expected", f"{'a' * 254}1", "long-group-names-differ-at-the-end"),
    Caught("group_as_expected", f"{'a' * 254}1", "long-group-names-differ-at-the-end", "slack"),
)
class CutsGroupNames(ScimConnector):
    """A group name is cut to what a column of the client's own holds."""

    def create_group(self, name: str, external_id: str) -> RemoteGroup | None:
        return super().create_group(name[:CUT], external_id)

    def rename_group(self, remote_id: str, name: str) -> None:
        super().rename_group(remote_id, name[:CUT])
