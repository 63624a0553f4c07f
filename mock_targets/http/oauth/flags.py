"""The flags of a token endpoint."""

from __future__ import annotations

from provcheck.mock_targets.target.flags import flag, names_flag

OAUTH_FLAGS = (
    flag("token_lifetime", 3600, "Seconds until an access token from the token endpoint expires.",
         "RFC 6749 section 5.1, expires_in; 3600 in its examples"),
    names_flag("requires_scopes", "", "Scopes of which an access token from the token endpoint needs one; without it a "
               "request is refused (403). Empty: any token will do.", "RFC 6750 section 3.1, insufficient_scope"),
    flag("client_authentication", "both|basic|body", "Where the client gives its id and secret to the token endpoint: "
         "in the Authorization header, in the body, or in either.", "RFC 6749 section 2.3.1"),
    flag("rotates_refresh_tokens", False, "Whether using a refresh token gives a new one and revokes the old one.",
         "RFC 6749 section 6: the server may issue a new refresh token"),
    flag("device_polls", 1, "How often a device is told that the user has not agreed yet.", "RFC 8628 section 3.5"),
    flag("device_code_lifetime", 900, "Seconds until a device code expires.", "RFC 8628 section 3.2, expires_in"),
)  # fmt: skip
