"""Writes many memberships with few requests, and books only those that the target really does not take.

A refused request is halved until the bad membership stands alone; a lost one is read back and only
what is missing is sent again; and what a target silently dropped is found by reading once at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from provcheck.harness.client.failures import Exhausted, Gone, Lost, Refused, Trouble
from provcheck.harness.client.retry import Caller

Present = frozenset[str] | None
TRIES_WHEN_HALVED = 2
"""Once a request has used up its tries, its halves get fewer: the fault is most likely bound to one member."""


class ChunkedWrite:
    """One kind of edit (add or remove) of the members of one group, or of the groups of one user.

    `send` edits and answers who is present afterwards where the target shows it; `read` answers who is present, and
    raises Gone when what is edited is not there. Where nobody is ever shown, `holds` asks about one of them.
    """

    def __init__(
        self,
        send: Callable[[Sequence[str]], Present],
        read: Callable[[], Present],
        caller: Caller,
        *,
        size: int,
        removing: bool = False,
        unseen: frozenset[str] = frozenset(),
        holds: Callable[[str], bool | None] | None = None,
    ) -> None:
        self._send = send
        self._read = read
        self._caller = caller
        self.size = size
        self._removing = removing
        self._unseen = unseen
        self._holds = holds
        self._unproven = False
        self.failed: dict[str, Trouble] = {}

    def run(self, ids: Sequence[str]) -> dict[str, Trouble]:
        """Write all; answers the failures by id. Raises Gone when what is edited is not there."""
        self._write_all(ids)
        if self.failed or self._unproven:
            self.verify(ids)
        return self.failed

    def _write_all(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), self.size):
            self._write(ids[start : start + self.size], self._caller.policy.tries)

    def _write(self, ids: Sequence[str], tries: int) -> None:
        try:
            present = self._persistently(ids, tries)
        except Gone as trouble:
            self._read()  # raises Gone again when it is not one of the members that is missing
            self.halve(ids, Refused(str(trouble), status=trouble.status), tries)
        except Exhausted as trouble:
            self.halve(ids, trouble, TRIES_WHEN_HALVED)
        except Refused as trouble:
            self.halve(ids, trouble, tries)
        else:
            if present is None or self._pending(ids, present):
                self._unproven = True

    def _persistently(self, ids: Sequence[str], tries: int) -> Present:
        backoff = self._caller.backoff()
        left = ids
        for _ in range(tries):
            try:
                return self._send(left)
            except Lost:
                self._caller.pause(backoff)
            present = self._read()
            if present is not None:
                pending = self._pending(left, present)
                # Of who is hidden nothing was learnt by looking: the request is made once more.
                left = [each for each in left if each in pending or each in self._unseen]
                if not left:
                    return present
        raise Exhausted("every answer to the membership request was lost, and it did not take effect")

    def halve(self, ids: Sequence[str], trouble: Trouble, tries: int) -> None:
        """Write each half on its own; a single id that still fails is recorded in `failed`."""
        if len(ids) == 1 and self._removing and trouble.scim_type == "noTarget":
            return  # RFC 7644 section 3.5.2.2: the value path selects nobody, so the member is not there
        if len(ids) == 1:
            self.failed[ids[0]] = trouble
            return
        middle = len(ids) // 2
        self._write(ids[:middle], tries)
        self._write(ids[middle:], tries)

    def _pending(self, ids: Sequence[str], present: frozenset[str]) -> list[str]:
        if self._removing:
            return [each for each in ids if each in present]
        return [each for each in ids if each not in present and each not in self._unseen]

    def verify(self, ids: Sequence[str]) -> None:
        """Read once: a failure that is there after all is none; what is silently missing is sent once more."""
        try:
            present = self._seen(ids)
        except (Refused, Exhausted) as trouble:
            if self._unproven:  # else what the answers said has to do
                self.failed = {**{each: trouble for each in ids if each not in self._unseen}, **self.failed}
            return
        if present is None:
            return
        pending = frozenset(self._pending(ids, present))
        # Who is hidden has not gone just because he is not to be seen.
        stays = pending | self._unseen if self._removing else pending
        self.failed = {each: trouble for each, trouble in self.failed.items() if each in stays}
        dropped = [each for each in ids if each in pending and each not in self.failed]
        if not dropped:
            return
        self._write_all(dropped)
        after = self._seen(dropped)
        for each in self._pending(dropped, after) if after is not None else ():
            self.failed.setdefault(each, Exhausted("the target accepted the membership and did not keep it"))

    def _seen(self, ids: Sequence[str]) -> Present:
        """Who is present; nobody, where the target shows nobody and says that one of these is not."""
        present = self._read()
        shown = [each for each in ids if each not in self._unseen and each not in self.failed]
        if present is None and self._holds is not None and shown and self._holds(shown[-1]) is False:
            return frozenset()
        return present
