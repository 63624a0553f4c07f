"""The only module of the mock targets with random values: ids and tokens, from the system or from a seed."""

from __future__ import annotations

import base64
import random
import secrets
from hashlib import sha256

_FIXED_BITS, _VERSION_4 = 0xF << 76 | 0b11 << 62, 0x4 << 76 | 0b10 << 62
"""The bits of a UUID that are not random, and what they say in version 4 (RFC 9562 section 5.4)."""
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class IdMaker:
    """Generates ids: with a seed the same ids in the same order, without one at random."""

    def __init__(self, *, seed: int | str | None = None) -> None:
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Restart the sequence of a seeded generator; without a seed nothing happens."""
        self._random = random.Random(self._seed) if self._seed is not None else random.SystemRandom()  # noqa: S311 - seeded: repeatable

    def uuid(self) -> str:
        """A version 4 UUID."""
        bits = self._random.getrandbits(128) & ~_FIXED_BITS | _VERSION_4
        digits = f"{bits:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def code(self, length: int) -> str:
        """Capital letters and digits."""
        return "".join(self._random.choices(_ALPHANUMERIC, k=length))

    def number(self, below: int) -> int:
        """An integer from 0 up to, not including, `below`."""
        return self._random.randrange(below)


def make_token(prefix: str = "", *, seed: str | None = None) -> str:
    """A secret with 160 random bits, so that two runs never share one; with a seed it is no secret, but repeatable."""
    if seed is None:
        return prefix + secrets.token_urlsafe(20)
    return prefix + base64.urlsafe_b64encode(sha256(seed.encode()).digest()[:20]).decode().rstrip("=")
