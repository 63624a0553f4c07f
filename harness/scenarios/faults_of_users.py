"""What a correct client makes of faults that strike creates, updates and look-ups of users, one fault at a time.

The faults are those of the catalogue, so that each scenario can be repeated by hand with the name it cites.
"""

from __future__ import annotations

from provcheck.harness.model import Account, After, ArmFaults, Configure, Given, Requests, Resync, SetFlags
from provcheck.harness.scenarios.people import FIVE, account, source
from provcheck.harness.scenarios.phrases import (
    OFF,
    TARGET_DENIES,
    change,
    counters,
    never,
    no_writes,
    of_fault,
    strikes,
    sync,
)

_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_IN_SYNC = Account("cem", active=True, holds={"familyName": "Kaya"})
_AT_MOST_ONE = frozenset({0, 1})
_RENAMED = change("cem", family_name="Demir")
_SEEDED = tuple(account(name) for name in FIVE)
_NO_FILTERS = {"supports_filter": False, "max_page_size": 2, "default_page_size": 2}
_KEPT_OR_CLEARED = counters(5, frozenset({4, 5}), partially_synced=_AT_MOST_ONE, failed=_AT_MOST_ONE)

SCENARIOS = (
    of_fault(
        "create.conflict_exists",
        "The account was made by somebody else a moment ago",
        "A conflict on a create is looked up; the one true match is linked and brought in line.",
        Given(source(), faults=(strikes("create.conflict_exists", "user.create", "cem", outcome="exists"),)),
        [sync(), After(users=counters(5, 5), wire=(Requests("user.create", "cem", at_most=1), _IN_SYNC))],
        ["update"],
    ),
    of_fault(
        "create.conflict_exists",
        "The account was made by somebody else, and updating is not allowed",
        "An account that is linked after a conflict and may not be updated is Partially Synced and no Success.",
        Given(
            source(),
            connection=OFF["update"],
            flags=TARGET_DENIES["update"],
            faults=(strikes("create.conflict_exists", "user.create", "cem", outcome="exists"),),
        ),
        [sync(), After(users=counters(5, 4, partially_synced=1), wire=(never("user.update"), Account("cem")))],
        ["switchable_permissions"],
        variant="update-off",
    ),
    of_fault(
        "create.409_untyped",
        "A conflict that does not say what it is",
        "A conflict without a scimType is looked up like any other.",
        Given(source(), faults=(strikes("create.409_untyped", "user.create", "cem", outcome="exists"),)),
        [sync(), After(users=counters(5, 5), wire=(_IN_SYNC,))],
        ["update"],
    ),
    of_fault(
        "create.409_untyped",
        "A conflict that is told as a server error",
        "An account that is found after a server error is compared, not taken for what was sent.",
        Given(
            source(),
            faults=(strikes("create.409_untyped", "user.create", "cem", outcome="exists", status=500),),
        ),
        [sync(), After(users=counters(5, 5), wire=(_IN_SYNC,))],
        ["update"],
        variant="as-500",
    ),
    of_fault(
        "create.soft_deleted_conflict",
        "The name is taken by an account that is turned off",
        "An account that is in the way and turned off is turned on and brought in line.",
        Given(
            source(),
            faults=(strikes("create.soft_deleted_conflict", "user.create", "cem", outcome="exists_inactive"),),
        ),
        [sync(), After(users=counters(5, 5), wire=(_IN_SYNC,))],
        ["update", "finds_disabled"],
    ),
    of_fault(
        "create.soft_deleted_conflict",
        "The name is taken by an account that nobody can find",
        "A conflict with an account that no look-up finds is Failed, never Unsynced, and is not tried for ever.",
        Given(
            source(),
            faults=(
                strikes(
                    "create.soft_deleted_conflict", "user.create", "cem", outcome="fails", hides_by_filter=3600, times=1
                ),
            ),
        ),
        [sync(), After(users=counters(5, 4, failed=1), wire=(Requests("user.create", "cem", at_most=2),))],
        ["delete"],
        variant="hidden",
    ),
    of_fault(
        "update.stale_remote_id",
        "The account was deleted at the target",
        "An update that finds its account gone makes it again, once.",
        Given(source()),
        [
            sync(),
            ArmFaults((strikes("update.stale_remote_id", "user.update", "cem", outcome="gone", times=1),)),
            sync(_RENAMED),
            After(
                users=counters(5, 5),
                wire=(
                    Requests("user.create", "cem", at_least=1),
                    Account("cem", holds={"familyName": "Demir"}),
                ),
            ),
        ],
        ["update", "delete"],
    ),
    of_fault(
        "update.stale_remote_id",
        "The account was deleted at the target, and creating is not allowed",
        "An account that is gone and may not be made again leaves its user Unsynced.",
        Given(source()),
        [
            sync(),
            After(),
            Configure(OFF["create"]),
            SetFlags(TARGET_DENIES["create"]),
            ArmFaults((strikes("update.stale_remote_id", "user.update", "cem", outcome="gone", times=1),)),
            sync(_RENAMED),
            After(users=counters(5, 4, unsynced=1), wire=(never("user.create"), Account("cem", count=0))),
        ],
        ["update", "delete", "switchable_permissions"],
        variant="create-off",
    ),
    of_fault(
        "rename.seen_as_new",
        "A change of the user name is answered as a conflict",
        "A renamed user keeps the account: it is addressed by its id, and nobody is created.",
        Given(source()),
        [
            sync(),
            After(),
            ArmFaults((strikes("rename.seen_as_new", "user.update", "cem", times=1),)),
            sync(change("cem", user_name="cemal")),
            After(users=counters(5, 5), wire=(never("user.create"), Account("cemal"), Account("cem", count=0))),
        ],
        ["update", "rename_user"],
    ),
    of_fault(
        "error.permanent_as_500",
        "One user is answered with a server error every time",
        "A server error that never ends is given up after a bounded number of tries, and fails one user alone.",
        Given(source(), faults=(strikes("error.permanent_as_500", "user.create", "ben", outcome="fails"),)),
        [sync(), After(users=counters(5, 4, failed=1), wire=(Requests("user.create", "ben", at_least=1, at_most=15),))],
        [],
    ),
    of_fault(
        "license.exhausted",
        "The licences of the target run out",
        "Users for whom there is no licence are Failed; the others are still updated.",
        Given(
            source(),
            accounts=(account("ada"),),
            faults=(strikes("license.exhausted", "user.create", outcome="fails", skip=1),),
        ),
        [
            sync(),
            After(users=counters(5, 2, failed=3)),
            sync(change("ada", family_name="King")),
            After(users=counters(5, 2, failed=3), wire=(Account("ada", holds={"familyName": "King"}),)),
        ],
        ["update"],
    ),
    of_fault(
        "required.missing",
        "The target requires a value that a user does not have",
        "A user whom the target refuses for what is in the source is Failed, and is not sent again in the same run.",
        Given(source(), faults=(strikes("required.missing", "user.create", "ben", outcome="fails"),)),
        [
            sync(),
            After(users=counters(5, 4, failed=1), wire=(Requests("user.create", "ben", at_least=1, at_most=1),)),
            sync(),
            # A permanent refusal may be tried once in the next run, and need not be.
            After(users=counters(5, 4, failed=1), wire=(Requests("user.create", "ben", at_most=1),)),
        ],
        [],
    ),
    of_fault(
        "object.forbidden",
        "One account may not be changed by anybody",
        "A change that the target forbids for one account fails that user, and no other.",
        Given(source()),
        [
            sync(),
            ArmFaults((strikes("object.forbidden", "user.update", "ada", outcome="fails"),)),
            sync(change("ada", family_name="King"), change("ben", family_name="Ngugi")),
            After(
                users=counters(5, 4, failed=1),
                wire=(Account("ada", holds={"familyName": "Byron"}), Account("ben", holds={"familyName": "Ngugi"})),
            ),
        ],
        ["update"],
    ),
    of_fault(
        "attr.silently_ignored",
        "The target says yes to a change, and makes none",
        "A client that compares the answer with what it sent shows the user as Partially Synced.",
        Given(source()),
        [
            sync(),
            After(),
            ArmFaults((strikes("attr.silently_ignored", "user.update", "cem", outcome="ignored"),)),
            sync(_RENAMED),
            After(users=counters(5, 5, partially_synced=1), wire=(never("user.create"), _IN_SYNC)),
        ],
        ["update", "echo"],
    ),
    of_fault(
        "attr.cannot_clear",
        "The target does not let go of a value",
        "A value that the target keeps although it was cleared leaves its user Partially Synced or Failed, and is not "
        "sent again and again.",
        Given(source()),
        [
            sync(),
            ArmFaults((strikes("attr.cannot_clear", "user.update", "cem", outcome="ignored"),)),
            sync(change("cem", display_name="")),
            After(users=_KEPT_OR_CLEARED, note="a whole account, or a blank, clears the value where it is sent"),
            sync(),
            # A user who is Failed may be tried once in the next run.
            After(users=_KEPT_OR_CLEARED, wire=(Requests("user.*", at_most=1, writes=True), Account("cem"))),
        ],
        ["update", "echo"],
    ),
    of_fault(
        "write.async_accepted",
        "A create is accepted, and made a moment later",
        "A create that is only accepted is no Success until the account shows; then it is linked, not made twice.",
        Given(source(), faults=(strikes("write.async_accepted", "user.create", "cem", applies_after=2),)),
        [sync(), After(users=counters(5, 5), wire=_ALL_THERE)],
        [],
    ),
    of_fault(
        "read.stale_filter",
        "An account can be found only a while after it was made",
        "A create that was lost, and meets its own account as a conflict, looks again before it gives up.",
        Given(
            source(),
            faults=(strikes("read.stale_filter", "user.create", "cem", hides_by_filter=2, loses_answer=True, times=1),),
        ),
        [sync(), After(users=counters(5, 5), wire=(*_ALL_THERE, Requests("user.create", "cem", at_most=2)))],
        [],
    ),
    of_fault(
        "filter.ignored",
        "The target ignores filters",
        "Of a list of everybody only the true match is linked: nobody is doubled, and nobody gets another's account.",
        Given(source(), accounts=_SEEDED, faults=(strikes("filter.ignored", "user.list"),)),
        [sync(), After(users=counters(5, 5), wire=(no_writes(), *_ALL_THERE))],
        [],
    ),
    of_fault(
        "filter.unsupported_400",
        "The target refuses filters",
        "Where filters are refused the accounts are found in the list of all.",
        Given(source(), accounts=_SEEDED, faults=(strikes("filter.unsupported_400", "user.list"),)),
        [sync(), After(users=counters(5, 5), wire=(no_writes(), *_ALL_THERE))],
        ["no_filters"],
    ),
    of_fault(
        "paging.repeat_or_skip",
        "The pages of a list overlap",
        "Rows that come twice are one account, and the list is read to its end.",
        Given(source(), flags=_NO_FILTERS, accounts=_SEEDED, faults=(strikes("paging.repeat_or_skip", "user.list"),)),
        [sync(), After(users=counters(5, 5), wire=(no_writes(), *_ALL_THERE))],
        ["no_filters", "index_paging"],
    ),
    of_fault(
        "paging.total_wrong",
        "The list says that it ends with its first page",
        "A client reads on until a page brings nothing new, whatever the total says.",
        Given(source(), flags=_NO_FILTERS, accounts=_SEEDED, faults=(strikes("paging.total_wrong", "user.list"),)),
        [sync(), After(users=counters(5, 5), wire=(no_writes(), *_ALL_THERE))],
        ["no_filters", "index_paging"],
    ),
    of_fault(
        "source.empty_list",
        "The target suddenly lists nobody",
        "A client that is told of an empty target deletes nobody and doubles nobody.",
        Given(source()),
        [
            sync(),
            After(),
            ArmFaults((strikes("source.empty_list", "*.list"),)),
            Resync(),
            After(users=counters(5, 5), wire=(never("user.delete"), never("user.disable"), *_ALL_THERE)),
        ],
        [],
    ),
)
