"""OAuth 2 for a target: a token endpoint as one of its APIs.

A vendor declares it with an `Api` whose label is TOKEN_URL and whose dialect is an `OAuthDialect` (`dialect.py`), or a
subclass of it in which class attributes say what is different:

    class VendorOAuth(OAuthDialect):
        token_path = "/token"                        # below the path of the Api
        grants = (JwtBearer(scope_claim="scope"), RefreshToken())
        scopes = (USER, GROUP)                       # those that can be asked for; () means any
        audiences = ("https://oauth2.vendor.example/token",)
        flags = (*OAuthDialect.flags, names_flag("requires_scopes", ...))    # a default of its own

    Api(path="/oauth2", dialect=VendorOAuth, label=TOKEN_URL, base_path="/oauth2/token")

A grant type that only one vendor has is a subclass of `Grant` (`grants.py`) in the folder of the vendor. The dialects
of the resources accept the static token and issued ones alike with `http.authentication.holds_access(request)`, and
answer what it raises (`InvalidToken`, which is an `Unauthorized`; `InsufficientScope`), with `challenge` as header.

The client and its tokens are kept by the target (`target.tokens`); `keys.key_of(target)` is the key pair with which
assertions are signed. Sources: RFC 6749, 6750, 7009, 7523, 8414, 8628.
"""
