"""Filters: what each operator means, what is refused, and that scim2-models reads them the same way."""

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from scim2_models import EnterpriseUser, InvalidFilterException, ScimFilter, ScimPolicy, User

from provcheck.mock_targets.query.compile import View
from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN, USER_URN, standard_catalog
from provcheck.mock_targets.scim.errors import InvalidFilter, Sensitive
from provcheck.mock_targets.scim.filter import compile_filter, compile_filters

USERS, GROUPS = standard_catalog().user, standard_catalog().group
DOCUMENT = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "userName": "BJensen",
    "externalId": "Ext-1",
    "active": True,
    "displayName": 'Élan "quoted"',
    "title": "Guide",
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "profileUrl": "https://Example.com/b",
    "emails": [
        {"value": "bjensen@example.com", "type": "work", "primary": True},
        {"value": "babs@jensen.org", "type": "home"},
    ],
    "x509Certificates": [{"value": "aGk="}],
    ENTERPRISE_URN: {"employeeNumber": "701984", "manager": {"value": "26118915"}},
}
VIEW = View(
    DOCUMENT,
    id=lambda: "2819c223",
    meta=lambda: {"created": "2011-08-01T18:29:49.793Z", "lastModified": "2011-08-01T20:29:49+02:00"},
    groups=lambda: [{"value": "g1", "display": "Guides"}],
)


def matches(text, view=VIEW):
    return compile_filter(text, USERS).matches(view)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "bjensen"',
        'USERNAME EQ "BJENSEN"',
        f'{USER_URN}:userName eq "bjensen"',
        f'{USER_URN.lower()}:username sw "BJ"',
        'userName ne "other"',
        'userName co "JENS"',
        'userName ew "sen"',
        'userName gt "a"',
        'userName le "bjensen"',
        'externalId eq "Ext-1"',
        'displayName co "\\u00e9LAN"',
        'displayName ew "\\"quoted\\""',
        "title pr",
        "not (nickName pr)",
        "nickName eq null",
        "title ne null",
        "active eq true",
        'active eq "True"',
        "active ne false",
        'name.familyName eq "jensen"',
        'emails eq "babs@jensen.org"',
        'emails.type eq "home"',
        'emails ne "x@example.com"',
        'emails[type eq "work" and value co "@example.com"]',
        'emails[type eq "work"].value eq "bjensen@example.com"',
        'emails[not (type eq "work")]',
        "emails[primary eq true]",
        'schemas eq "urn:ietf:params:scim:schemas:core:2.0:user"',
        f'schemas[value eq "{ENTERPRISE_URN}"]',
        f'{ENTERPRISE_URN}:employeeNumber eq "701984"',
        f'{ENTERPRISE_URN}:manager.value eq "26118915"',
        f'{ENTERPRISE_URN}:manager eq "26118915"',
        f"{ENTERPRISE_URN} pr",
        'id eq "2819c223"',
        'meta.created eq "2011-08-01T20:29:49.793+02:00"',
        'meta.created gt "2011-08-01T18:29:49Z"',
        'meta.lastModified lt "2011-08-01T18:30:00Z"',
        'meta.created sw "2011-08"',
        'groups eq "g1"',
        'groups[display eq "guides"]',
        'x509Certificates.value eq "aGk="',
        'title eq "x" or title eq "guide" and active eq true',
        '(title eq "x" or title eq "guide") and not (active eq false)',
    ],
)
def test_a_filter_matches(text):
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        'userName eq "jensen"',
        'externalId eq "ext-1"',
        'profileUrl eq "https://example.com/b"',
        'userName gt "c"',
        "nickName pr",
        'nickName eq ""',
        'emails ne "babs@jensen.org"',
        'emails[type eq "home" and primary eq true]',
        'meta.created lt "2011-08-01T18:29:49Z"',
        'userName eq "bjensen" and title eq "x"',
        'groups[value eq "g2"]',
    ],
)
def test_a_filter_does_not_match(text):
    assert not matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "userName",
        'userName eq "x',
        "userName eq x",
        "userName xx 1",
        'unknown eq "x"',
        'name.unknown eq "x"',
        'urn:unknown:userName eq "x"',
        "emails[unknown pr]",
        "userName eq 5",
        "userName eq true",
        "active gt true",
        'active co "t"',
        'active eq "maybe"',
        'x509Certificates.value gt "a"',
        'meta.created eq "yesterday"',
        "meta.created gt 5",
        "userName gt null",
        'name eq "x"',
        'name[familyName eq "x"]',
        f'{ENTERPRISE_URN} eq "x"',
        'userName eq "x" and',
        'userName eq "a" userName eq "b"',
        'emails.value.x eq "a"',
    ],
)
def test_a_filter_without_meaning_is_refused(text):
    with pytest.raises(InvalidFilter) as refused:
        compile_filter(text, USERS)
    assert (refused.value.status, refused.value.scim_type) == (400, "invalidFilter")


@pytest.mark.parametrize("text", ['password eq "x"', "password pr", 'title pr and password sw "a"'])
def test_a_password_cannot_be_asked_about(text):
    with pytest.raises(Sensitive) as refused:
        compile_filter(text, USERS)
    assert (refused.value.status, refused.value.scim_type) == (403, "sensitive")


def test_an_unknown_attribute_matches_nothing_when_lenient():
    assert not compile_filter('unknown eq "x"', USERS, strict=False).matches(VIEW)
    assert compile_filter("not (unknown pr)", USERS, strict=False).matches(VIEW)
    assert compile_filter("unknown pr", USERS, strict=False).unknown == {"unknown"}


def test_a_filter_over_several_kinds_needs_one_that_knows_the_attribute():
    filters = compile_filters('userName eq "bjensen" or members pr', [USERS, GROUPS])
    assert filters["User"].matches(VIEW)
    assert not filters["Group"].matches({"displayName": "Guides"})
    with pytest.raises(InvalidFilter):
        compile_filters("nobody pr", [USERS, GROUPS])


def test_members_are_only_made_when_a_filter_names_them():
    def forbidden():
        raise AssertionError("members were built")

    view = View({"displayName": "Guides"}, members=forbidden)
    assert compile_filter('displayName eq "guides"', GROUPS).matches(view)
    assert compile_filter('members.value eq "a"', GROUPS).names == {"members"}
    assert compile_filter('displayName eq "x"', GROUPS).names == {"displayName"}


def test_what_is_made_lazily_is_made_once():
    made = []
    view = View({}, members=lambda: made.append(1) or [{"value": "a"}])
    assert compile_filter('members eq "b" or members eq "c" or members eq "a"', GROUPS).matches(view)
    assert made == [1]


@pytest.mark.parametrize(
    "text,expected",
    [
        ('userName eq "a"', [("userName", "a")]),
        ('(username eq "a" and active eq true)', [("userName", "a"), ("active", True)]),
        ('userName eq "a" or title pr', []),
        ('not (userName eq "a")', []),
        ("title eq null", []),
        ('emails eq "a@b"', [("emails.value", "a@b")]),
        ('emails[type eq "work" and value eq "a@b"]', [("emails.type", "work"), ("emails.value", "a@b")]),
        ('emails[type eq "work" or value eq "a@b"]', []),
        (f'{ENTERPRISE_URN.upper()}:EMPLOYEENUMBER eq "7"', [(f"{ENTERPRISE_URN}:employeeNumber", "7")]),
        ('id eq "x" and title sw "a"', [("id", "x")]),
    ],
)
def test_the_equalities_every_match_fulfils_are_named(text, expected):
    assert [tuple(equality) for equality in compile_filter(text, USERS).equalities] == expected


def test_one_equality_can_be_asked_for():
    found = compile_filter('title pr and externalId eq "x"', USERS)
    assert found.equality("userName", "externalId") == ("externalId", "x")
    assert found.equality("userName") is None


paths = ["userName", "externalId", "title", "name.familyName", "emails", "emails.type", "emails.value", "nickName"]
comparisons = st.builds(
    '{} {} "{}"'.format,
    st.sampled_from([*paths, f"{ENTERPRISE_URN}:employeeNumber", "displayName"]),
    st.sampled_from(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]),
    st.sampled_from(["bjensen", "BJ", "Ext-1", "work", "Jensen", "babs@jensen.org", "701984", "", "é", "Z"]),
)
terms = (
    comparisons
    | st.builds("{} pr".format, st.sampled_from([*paths, "name", "active", "emails.primary"]))
    | st.builds("active {} {}".format, st.sampled_from(["eq", "ne"]), st.sampled_from(["true", "false", "null"]))
    | st.builds('emails[type {} "{}"]'.format, st.sampled_from(["eq", "ne", "co"]), st.sampled_from(["work", "x"]))
    | st.builds("{} {} null".format, st.sampled_from(paths), st.sampled_from(["eq", "ne"]))
)
trees = st.recursive(
    terms,
    lambda inner: (
        st.builds("not ({})".format, inner)
        | st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=5,
)


@given(trees, st.sets(st.sampled_from(["title", "emails", "name", "active", "externalId", ENTERPRISE_URN])))
def test_scim2_models_reads_a_filter_the_same_way(text, left_out):
    document = {name: value for name, value in DOCUMENT.items() if name not in left_out}
    document["schemas"] = [USER_URN] if ENTERPRISE_URN in left_out else DOCUMENT["schemas"]
    with ScimPolicy(unknown=ScimPolicy.Unknown.ignore):
        try:
            judge = ScimFilter[User[EnterpriseUser]](text).match(User[EnterpriseUser].model_validate(document))
        except InvalidFilterException:  # it holds what an email is compared with to be an email address
            reject()
    assert compile_filter(text, USERS).matches(document) == judge
