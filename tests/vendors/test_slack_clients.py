"""Real clients on a real port: every call of slack_sdk's SCIM client and of slack-scim, both of version 1."""

import pytest
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.scim.v1.client import SCIMClient
from slack_sdk.scim.v1.group import Group, GroupMember
from slack_sdk.scim.v1.user import User, UserEmail, UserName

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, serving

# pkg_resources warns that it is deprecated, and of the packages that use it; slack-scim asks it for its own version.
pytestmark = [
    pytest.mark.filterwarnings("ignore:pkg_resources is deprecated as an API"),
    pytest.mark.filterwarnings("ignore:Deprecated call to `pkg_resources:DeprecationWarning"),
]


@pytest.fixture
def slack():
    environment = Environment(["slack"], clock=VirtualClock(), seed=1)
    with serving(environment):
        yield Handle(environment.targets["slack"])


@pytest.fixture
def sdk(slack):
    return SCIMClient(token=slack.token, base_url=slack.urls["v1"] + "/")


@pytest.fixture
def other(slack):
    import slack_scim  # late: see pytestmark

    return slack_scim.SCIMClient(token=slack.token, base_url=slack.urls["v1"])


def new_user(name="ada", **more):
    return User(
        user_name=name,
        name=UserName(given_name="Ada", family_name="Love"),
        emails=[UserEmail(value=f"{name}@example.com")],
        **more,
    )


class TestSlackSdk:
    def test_users_are_created_read_and_searched(self, sdk):
        created = sdk.create_user(new_user())
        assert (created.status_code, created.errors) == (201, None)
        assert created.user.user_name == "ada"
        read = sdk.read_user(created.user.id)
        assert read.user.to_dict() == created.user.to_dict()
        found = sdk.search_users(count=10, start_index=1, filter='userName Eq "Ada"')
        assert [user.id for user in found.users] == [created.user.id]
        assert found.body["itemsPerPage"] == 1

    def test_users_are_patched_updated_and_deleted(self, sdk):
        id = sdk.create_user(new_user()).user.id
        patched = sdk.patch_user(id, partial_user=User(user_name="countess"))
        assert (patched.status_code, patched.user.nick_name) == (200, "countess")
        user = patched.user
        user.user_name = user.nick_name = "lady"
        user.name = UserName(given_name="A", family_name="L")
        updated = sdk.update_user(user)
        assert updated.status_code == 200
        assert (updated.user.user_name, updated.user.name.given_name) == ("lady", "A")
        for _ in range(3):
            assert sdk.delete_user(id).status_code == 200
        assert sdk.read_user(id).user.active is False
        assert sdk.patch_user(id, {"active": True}).user.active is True

    def test_groups_go_through_their_life(self, sdk):
        ids = [sdk.create_user(new_user(name)).user.id for name in ("ada", "ben")]
        created = sdk.create_group(Group(display_name="Sales", members=[GroupMember(value=ids[0])]))
        assert (created.status_code, created.group.members[0].display) == (201, "Ada Love")
        group = created.group
        assert sdk.patch_group(group.id, Group(display_name="Ops")).status_code == 204
        change = {"members": [{"value": ids[1]}, {"value": ids[0], "operation": "delete"}]}
        assert sdk.patch_group(group.id, change).status_code == 204
        read = sdk.read_group(group.id).group
        assert (read.display_name, [member.value for member in read.members]) == ("Ops", [ids[1]])
        read.display_name = "Sales again"
        assert sdk.update_group(read).group.display_name == "Sales again"
        found = sdk.search_groups(count=1, start_index=1, filter='displayName eq "sales again"')
        assert [group.id for group in found.groups] == [group.id]
        assert sdk.delete_group(group.id).status_code == 204
        assert sdk.read_group(group.id).errors.description == "no_such_group"

    def test_any_other_call(self, sdk):
        answer = sdk.api_call(http_verb="GET", path="ServiceProviderConfigs")
        assert answer.snake_cased_body["filter"] == {"supported": False, "max_results": 0}

    def test_a_long_user_can_be_put_back(self, sdk):
        created = sdk.create_user({**new_user().to_dict(), "userType": "Employee", "roles": ["Lead"]})
        updated = sdk.update_user(created.user)
        assert updated.status_code == 200
        assert updated.user.roles[0].value == "Lead"

    def test_errors_are_understood(self, slack, sdk):
        assert sdk.search_users(count=-1, start_index=1, filter="foo").errors.code == 400
        bad = SCIMClient(token="xoxp-bad", base_url=sdk.base_url).search_groups(count=1, start_index=1)
        assert (bad.status_code, bad.errors.description) == (401, "invalid_authentication")
        slack.flags.allows_create_users = False
        refused = sdk.create_user(new_user())
        assert (refused.errors.code, refused.errors.description) == (403, "permission_denied")

    def test_it_retries_after_a_rate_limit(self, slack, sdk, monkeypatch):
        monkeypatch.setattr("slack_sdk.http_retry.builtin_handlers.time.sleep", lambda seconds: waited.append(seconds))
        waited: list[float] = []
        slack.faults.arm("user.create", status=429, headers={"Retry-After": "7"})
        sdk.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
        assert sdk.create_user(new_user()).status_code == 201
        assert [int(seconds) for seconds in waited] == [7]  # a jitter is added

    def test_deleting_works_in_version_2_too(self, slack, sdk):
        id = sdk.create_user(new_user()).user.id
        assert SCIMClient(token=slack.token, base_url=slack.urls["base_url"] + "/").delete_user(id).status_code == 204


class TestSlackScim:
    BODY = {
        "userName": "ada",
        "name": {"givenName": "Ada", "familyName": "Love"},
        "emails": [{"value": "ada@example.com"}],
    }

    def test_users_go_through_their_life(self, other):
        created = other.create_user(dict(self.BODY))
        assert created.user_name == "ada"
        assert other.read_user(created.id).to_dict() == created.to_dict()
        found = other.search_users(filter="userName eq ada", count=3, start_index=1)
        assert [user.id for user in found.resources] == [created.id]
        assert other.patch_user(created.id, {"title": "Lady"}).title == "Lady"
        created.display_name = "Countess"
        assert other.update_user(created.id, created).display_name == "Countess"
        assert other.delete_user(created.id) is None
        assert other.read_user(created.id).active is False

    def test_guests_are_counted(self, other):
        other.create_user(dict(self.BODY))
        assert other.search_users(filter="restricted eq 1").total_results == 0

    def test_groups_go_through_their_life(self, other):
        from slack_scim import Group, GroupMember

        user = other.create_user(dict(self.BODY))
        group = Group.from_dict({"displayName": "Sales"})
        group.members = [GroupMember.from_dict({"value": user.id})]
        created = other.create_group(group)
        assert created.members[0].value == user.id
        assert other.patch_group(created.id, {"displayName": "Ops"}) is None
        read = other.read_group(created.id)
        read.display_name = "Sales again"
        assert other.update_group(created.id, read).display_name == "Sales again"
        found = other.search_groups(filter="displayName eq Ops", count=1, start_index=1)
        assert (found.total_results, found.items_per_page) == (0, 0)
        assert other.search_groups(count=3).resources[0].to_dict() == other.read_group(created.id).to_dict()
        assert other.delete_group(created.id) is None

    def test_the_configuration(self, other):
        config = other.get_service_provider_configs()
        assert config.patch.supported is True
        assert config.filter.supported is False
        assert config.authentication_schemes[0].primary is True

    def test_errors_are_understood(self, slack, other):
        from slack_scim import SCIMApiError

        with pytest.raises(SCIMApiError, match=r"no_filters \(is_aggregate_call=1\)"):
            other.search_users(filter="foo")
        other.token = ""
        with pytest.raises(SCIMApiError, match="'description': 'invalid_authentication', 'code': 401"):
            other.search_groups(count=3)
