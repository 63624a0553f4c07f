"""Google's token endpoint: assertions of service accounts, and the refresh token of an administrator.

Source: https://developers.google.com/identity/protocols/oauth2/service-account. The audience of an assertion is the
real endpoint whatever address the client was given, because google-auth writes a constant.
"""

from __future__ import annotations

from provcheck.mock_targets.http.oauth.dialect import OAuthDialect
from provcheck.mock_targets.http.oauth.grants import JwtBearer, RefreshToken

_SCOPE = "https://www.googleapis.com/auth/admin.directory"


class GoogleOAuth(OAuthDialect):
    """POST /token, and /revoke; an assertion is good for an hour at most, and names its scopes in a claim."""

    grants = (JwtBearer(scope_claim="scope", longest=3600, any_account=True), RefreshToken())
    audiences = ("https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token")
    scopes = tuple(
        f"{_SCOPE}.{name}{access}"
        for name in ("user", "user.alias", "group", "group.member", "customer", "domain", "orgunit", "userschema")
        for access in ("", ".readonly")
    )
    device_path = None
    metadata_path = None
