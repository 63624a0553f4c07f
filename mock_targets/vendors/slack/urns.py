"""The URNs of both versions. Documents speak those of version 2; version 1 is translated at the edge.

Source: https://docs.slack.dev/reference/scim-api (examples of both versions).
"""

from __future__ import annotations

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GUEST = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
DIRECTORY = "urn:ietf:params:scim:schemas:extension:slack:directory:2.0:User"
PROFILE = "urn:ietf:params:scim:schemas:extension:slack:profile:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

EXTENSIONS = (ENTERPRISE, GUEST, PROFILE)

VERSION_1 = {
    USER: "urn:scim:schemas:core:1.0",
    GROUP: "urn:scim:schemas:core:1.0",
    LIST: "urn:scim:schemas:core:1.0",
    ENTERPRISE: "urn:scim:schemas:extension:enterprise:1.0",
    GUEST: "urn:scim:schemas:extension:slack:guest:1.0",
    PROFILE: "urn:scim:schemas:extension:slack:profile:1.0",
}
"""What version 1 calls the same thing."""

SHORT_GUEST = "urn:scim:schemas:extension:slack:guest:2.0:User"
"""One sentence of the reference writes the guest URN of version 2 like this."""

EXTENSION_OF = {urn.lower(): urn for urn in EXTENSIONS}
EXTENSION_OF |= {VERSION_1[urn].lower(): urn for urn in EXTENSIONS}
EXTENSION_OF[SHORT_GUEST.lower()] = GUEST


def extension(urn: str) -> str | None:
    """The extension that a URN of either version names, in the words of version 2; None if it names none."""
    return EXTENSION_OF.get(urn.lower())


def split(path: str) -> tuple[str | None, str]:
    """A path into the extension it is qualified by (or None) and the rest.

    The reference parts the two with a colon in some places and with a dot in others.
    """
    low = path.lower()
    if low.startswith("urn:"):
        for spelling, urn in EXTENSION_OF.items():
            if low == spelling:
                return urn, ""
            if low.startswith(spelling) and low[len(spelling)] in ":.":
                return urn, path[len(spelling) + 1 :]
        for core in (USER, VERSION_1[USER]):
            if low.startswith(core.lower()) and low[len(core) : len(core) + 1] in (":", "."):
                return None, path[len(core) + 1 :]
    return None, path


def spoken(urn: str, version: int) -> str:
    """A URN in the words of a version."""
    return VERSION_1[urn] if version == 1 else urn
