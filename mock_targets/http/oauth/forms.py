"""Requests to a token endpoint: the form of the body, the credentials of the client, and refusals (RFC 6749)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote_plus

from provcheck.mock_targets.http.authentication import basic_credentials
from provcheck.mock_targets.http.request import Request, read_body

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100
"""Parameters of one request; more are refused."""
LONGEST_QUOTE = 80
"""Characters of a value that are repeated in a description."""


class OAuthError(Exception):
    """A refusal in the words of RFC 6749 section 5.2: `code`, a description, and the status."""

    def __init__(self, code: str, detail: str, *, status: int = 400, asks_for_basic: bool = False) -> None:
        super().__init__(detail)
        self.code, self.detail, self.status, self.asks_for_basic = code, detail, status, asks_for_basic


class Form(dict[str, str]):
    """The parameters of a request; empty values count as left out (RFC 6749 section 3.2)."""

    def need(self, name: str) -> str:
        """The value of a parameter. Raises OAuthError."""
        if name not in self:
            raise OAuthError("invalid_request", f"The parameter {name} is missing")
        return self[name]


def read_form(request: Request) -> Form:
    """Read the body as a form. Raises OAuthError, also for a parameter that is repeated (RFC 6749 section 3.2)."""
    if request.wsgi.mimetype != FORM:
        raise OAuthError("invalid_request", f"The body must be {FORM}")
    try:
        pairs = parse_qsl(
            read_body(request.wsgi).decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise OAuthError("invalid_request", "The body is not a form in UTF-8 with up to 100 parameters") from None
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise OAuthError("invalid_request", "A parameter is repeated")
    return Form((name, value) for name, value in pairs if value)


def client_of(request: Request, form: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return method ("basic" or "body"), id and secret of the client; None if it gives none.

    In a Basic header both are form-encoded (RFC 6749 section 2.3.1). Raises OAuthError for credentials at two places.
    """
    header = request.header("Authorization")
    if header is None:
        return ("body", form.get("client_id", ""), form["client_secret"]) if "client_secret" in form else None
    if "client_secret" in form:
        raise OAuthError("invalid_request", "The client authenticates in more than one way")
    user, password = basic_credentials(header) or ("", "")
    return "basic", unquote_plus(user), unquote_plus(password)


def quoted(value: str) -> str:
    """A value as it may stand in a description: short, in the characters of RFC 6749 section 5.2."""
    plain = "".join(char if " " <= char <= "~" and char not in '"\\' else "?" for char in value[:LONGEST_QUOTE])
    return f"'{plain}'"
