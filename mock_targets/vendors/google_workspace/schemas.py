"""The fields of users and groups (the bundled discovery document, revision 20261104), and the core words in them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from provcheck.mock_targets.directory import Document, IndexSpec, folded
from provcheck.mock_targets.rest.attributes import Field, Mutability, Table, Type
from provcheck.mock_targets.rest.core_mapping import Entries, InEntry, Negated, Parts, words_of
from provcheck.mock_targets.target.core_mapping import Core, CoreMapping, Misfit, Place
from provcheck.mock_targets.vendors.google_workspace.flags import DOMAIN

KIB = 1024
MOST_NAME = 60
"""Characters of a given or a family name (discovery document, UserName)."""


def _own(mutability: Mutability, *names: str, type: Type = "string") -> tuple[Field, ...]:
    return tuple(Field(name, type, mutability=mutability) for name in names)


def _list(name: str, *texts: str, most: int | None = None) -> Field:
    fields = tuple(Field(each) for each in (*texts, "type", "customType"))
    return Field(name, "list", max_length=most, fields=(*fields, Field("primary", "boolean")))


_NAME = (
    Field("givenName", required=True, max_length=MOST_NAME, core="givenName"),
    Field("familyName", required=True, max_length=MOST_NAME, core="familyName"),
    Field("displayName", max_length=256, core="displayName"),
    Field("fullName", mutability="readOnly"),
)
_ADDRESS = ("formatted", "streetAddress", "locality", "region", "postalCode", "country", "countryCode", "poBox")
_WORK = ("name", "title", "department", "costCenter", "location", "description", "domain", "symbol")
LISTS = (
    _list("emails", "address"),
    _list("phones", "value", most=KIB),
    _list("addresses", *_ADDRESS, "extendedAddress", most=10 * KIB),
    Field("organizations", "list", max_length=10 * KIB, fields=tuple(Field(each) for each in (*_WORK, "type"))),
    _list("externalIds", "value", most=2 * KIB),
    _list("relations", "value", most=2 * KIB),
    _list("ims", "im", "protocol"),
    _list("websites", "value", most=2 * KIB),
    Field("languages", "list", max_length=KIB, fields=(Field("languageCode"), Field("customLanguage"))),
    *(Field(name, "list", max_length=10 * KIB) for name in ("keywords", "locations", "posixAccounts", "sshPublicKeys")),
)
LIST_NAMES = frozenset(each.name for each in LISTS)
USER = Table(
    (
        *_own("readOnly", "kind", "id", "etag", "creationTime", "lastLoginTime", "deletionTime", "customerId"),
        *_own("readOnly", "suspensionReason", "suspensionTime", "thumbnailPhotoUrl", "thumbnailPhotoEtag"),
        *_own("readOnly", "isAdmin", "isDelegatedAdmin", "agreedToTerms", "isMailboxSetup", type="boolean"),
        *_own("readOnly", "isEnrolledIn2Sv", "isEnforcedIn2Sv", type="boolean"),
        *_own("readOnly", "aliases", "nonEditableAliases", type="list"),
        Field("primaryEmail", required=True, format="email", max_length=254),
        Field("name", "object", required=True, fields=_NAME),
        Field("password", mutability="writeOnly", required=True, max_length=512),
        Field("hashFunction", mutability="writeOnly", choices=("MD5", "SHA-1", "crypt")),
        *_own("readWrite", "suspended", "archived", "changePasswordAtNextLogin", "ipWhitelisted", type="boolean"),
        Field("includeInGlobalAddressList", "boolean"),
        Field("orgUnitPath", max_length=1000),
        *LISTS,
        Field("gender", "object"),
        Field("notes", "object"),
        Field("customSchemas", "object"),
        Field("recoveryEmail", max_length=254),
        Field("recoveryPhone", max_length=50),
    ),
    empty_clears=True,
)
GROUP = Table(
    (
        *_own("readOnly", "kind", "id", "etag", "directMembersCount"),
        Field("adminCreated", "boolean", mutability="readOnly"),
        *_own("readOnly", "aliases", "nonEditableAliases", "externalIds", type="list"),
        Field("email", required=True, format="email", max_length=254),
        Field("name", core="displayName"),
        Field("description", max_length=4096),
    ),
)


@dataclass(frozen=True, slots=True)
class _UserName:
    """The user name: the primary address, or its local part where its domain is the primary one of the account."""

    def read(self, document: Document) -> Any:
        """The name that is there."""
        return str(document.get("primaryEmail", "")).removesuffix(f"@{DOMAIN}") or None

    def write(self, document: Document, value: Any) -> None:
        """Set the address. Raises Misfit for a name that none can be made of."""
        address = value if "@" in str(value) else f"{value}@{DOMAIN}"
        if re.search(r"\s", address) or not value:
            raise Misfit(f"the user name {value!r} cannot be part of an e-mail address")
        document["primaryEmail"] = address


PLACES: Mapping[str, Place] = {
    "userName": _UserName(),
    "email": InEntry("emails", "address", {"type": "work"}),
    "active": Negated(("suspended",)),
    "externalId": InEntry("externalIds", "value", {"type": "account"}),
    "employeeNumber": InEntry("externalIds", "value", {"type": "organization"}),
    "title": InEntry("organizations", "title"),
    "department": InEntry("organizations", "department"),
    "preferredLanguage": InEntry("languages", "languageCode"),
    "phoneNumbers": Entries("phones", {"value": "value", "type": "type"}),
    "address": Parts("addresses", {each: each for each in _ADDRESS[:6]}, {"type": "work"}),
}


def group_address(name: str) -> str:
    """The address that a group of a seed gets: its name in the primary domain, or what a name of other letters becomes.

    Names that differ give addresses that differ.
    """
    local = re.sub(r"[^a-z0-9._-]+", "-", name.casefold()).strip("-.")[:40]
    marked = f"{local or 'group'}-{zlib.crc32(name.encode()):08x}"
    return f"{local if local == name else marked}@{DOMAIN}"


def _start_group(core: Core) -> Document:
    return {"email": group_address(core["displayName"])}


CORE_MAPPING = CoreMapping(
    user=words_of(USER, places=PLACES),
    group=words_of(GROUP, places={"externalId": InEntry("externalIds", "value")}, start=_start_group),
)


def _addresses(document: Document, primary: str) -> list[str]:
    aliases = document.get("aliases")
    return [document[primary], *(aliases if isinstance(aliases, list) else ())]


user_addresses = partial(_addresses, primary="primaryEmail")
group_addresses = partial(_addresses, primary="email")
KINDS: Mapping[str, tuple[IndexSpec, ...]] = {
    "User": (IndexSpec("address", user_addresses, folded, unique=True),),
    "Group": (IndexSpec("address", group_addresses, folded, unique=True),),
}
"""One look-up finds a user or group by its primary address or an alias, without regard to case."""
