"""What a rule selects and maps, and how accounts look on the wire: between core words and documents."""

from __future__ import annotations

import copy
import re
from typing import Any

Json = dict[str, Any]
CORE = {"2.0": "urn:ietf:params:scim:schemas:core:2.0:{}", "1.1": "urn:scim:schemas:core:1.0"}
ENTERPRISE = {
    "2.0": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "1.1": "urn:scim:schemas:extension:enterprise:1.0",
}
PLAIN = ("userName", "externalId", "displayName", "title", "nickName", "userType", "preferredLanguage", "locale")
EXTENDED = ("department", "employeeNumber")
CASELESS = ("userName", "email")
NEVER_CLEARED = ("userName", "externalId")
_TERM = re.compile(r'\s*([\w.]+)\s+(eq|co|sw)\s+"([^"]*)"\s*(?:or\b|$)', re.IGNORECASE)


class External(Exception):
    """The rule selects an external group."""


def chosen_users(rule: Json, population: Json) -> list[Json]:
    """The users of the rule, each once."""
    if rule["user_filter"] is None:
        return list(population["users"])
    terms = _TERM.findall(rule["user_filter"])
    return [user for user in population["users"] if any(_meets(user, term, population) for term in terms)]


def chosen_groups(rule: Json, population: Json) -> list[Json]:
    """The groups of the rule. Raises External."""
    if rule["groups"] is None:
        return [group for group in population["groups"] if not group["external"]]
    chosen = [group for group in population["groups"] if group["id"] in rule["groups"]]
    for group in chosen:
        if group["external"]:
            raise External(f"{group['name']} is an external group, and those cannot be synced")
    return chosen


def words_of(rule: Json, user: Json) -> Json:
    """What the account shall hold: every mapped word, empty where the source has no value, and `active`."""
    words: Json = {"active": user["active"]}
    for word, field in rule["mapping"].items():
        value = user.get(field) if isinstance(user.get(field), str) else user["attributes"].get(field, "")
        words[word] = (user["external_id"] or user["id"]) if field == "external_id" else value or ""
    return words


def read(document: Json) -> Json:
    """The core words of an account."""
    name = document.get("name") or {}
    emails = [each for each in document.get("emails") or [] if isinstance(each, dict)]
    email = next((each for each in emails if each.get("primary")), emails[0] if emails else {})
    extension = next((document[urn] for urn in ENTERPRISE.values() if isinstance(document.get(urn), dict)), {})
    return {
        **{word: document.get(word) or "" for word in (*PLAIN, "timezone")},
        **{word: extension.get(word) or "" for word in EXTENDED},
        "givenName": name.get("givenName") or "",
        "familyName": name.get("familyName") or "",
        "email": email.get("value") or "",
        "active": document.get("active", True) is not False,
    }


def written(document: Json, words: Json, version: str) -> Json:
    """The document with these words in it; everything else stays."""
    result = copy.deepcopy(document)
    for word, value in words.items():
        if word == "email":
            _set_email(result, value)
        elif word in ("givenName", "familyName"):
            name = result.setdefault("name", {})
            name.pop("formatted", None)
            _set(name, word, value)
        elif word in EXTENDED:
            _set(result.setdefault(ENTERPRISE[version], {}), word, value)
        else:
            _set(result, word, value)
    for word in ("name", "emails"):
        if not result.get(word, True):
            del result[word]
    schemas = [CORE[version].format("User")]
    if result.get(ENTERPRISE[version]):
        schemas.append(ENTERPRISE[version])
    else:
        result.pop(ENTERPRISE[version], None)
    known = result.get("schemas") or []
    result["schemas"] = [*known, *(each for each in schemas if each not in known)]
    return result


def differing(wanted: Json, have: Json, echoes: dict[str, list[Any]]) -> Json:
    """The words that are to be written. `echoes`: word -> what was sent, and the form in which the target keeps it."""
    return {
        word: value
        for word, value in wanted.items()
        if not same(word, value, have.get(word, ""))
        and (value != "" or word not in NEVER_CLEARED)
        and echoes.get(word) != [value, have.get(word, "")]
    }


def same(word: str, one: Any, other: Any) -> bool:
    """Whether two values of a word are the same."""
    if word in CASELESS and isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    return bool(one == other)


def _set(document: Json, word: str, value: Any) -> None:
    if value == "":
        document.pop(word, None)
    else:
        document[word] = value


def _set_email(document: Json, value: str) -> None:
    emails = document.setdefault("emails", [])
    entry = next((each for each in emails if each.get("primary")), emails[0] if emails else None)
    if value == "":
        emails[:] = [each for each in emails if each is not entry]
    elif entry is None:
        emails.append({"value": value, "type": "work", "primary": True})
    else:
        entry["value"] = value


def _meets(user: Json, term: tuple[str, str, str], population: Json) -> bool:
    attribute, operator, value = term[0], term[1].casefold(), term[2].casefold()
    if attribute.casefold() == "group":
        values = [group["name"] for group in population["groups"] if user["id"] in group["members"]]
    else:
        spelled = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", attribute).lower()
        values = [user.get(spelled), user["attributes"].get(attribute)]
    test = {"eq": str.__eq__, "co": str.__contains__, "sw": str.startswith}[operator]
    return any(test(have.casefold(), value) for have in values if isinstance(have, str))
