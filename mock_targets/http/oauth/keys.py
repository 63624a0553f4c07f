"""The RSA key pair of a target's client, with which it signs assertions. Made from the client's secret, when asked for.

It is as repeatable as that secret is, and takes about half a second to make.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.target.target import Target

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_BITS = 2048
_EXPONENT = 65537
_ROUNDS = 8
"""Of the Miller-Rabin test; the candidates are random, so that fewer would do."""
_SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def key_of(target: Target) -> RSAPrivateKey:
    """The key pair of the client that a target knows now."""
    return _key(target.tokens.client_secret)


def as_pem(key: RSAPrivateKey) -> str:
    """The private key as PEM (PKCS #8), as clients read it."""
    from cryptography.hazmat.primitives import serialization as form

    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode()


def is_signed(key: RSAPrivateKey, signature: bytes, signed: bytes) -> bool:
    """Return True if bytes are signed with a key (RS256, RFC 7518 section 3.3)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    try:
        key.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=64)
def _key(seed: str) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa

    source = IdMaker(seed=f"{seed}/key")
    first, second = _prime(source), _prime(source)
    private = pow(_EXPONENT, -1, (first - 1) * (second - 1))
    return rsa.RSAPrivateNumbers(
        p=first,
        q=second,
        d=private,
        dmp1=private % (first - 1),
        dmq1=private % (second - 1),
        iqmp=pow(second, -1, first),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, first * second),
    ).private_key()


def _prime(source: IdMaker) -> int:
    """A prime of half the bits of the key, the two highest of them set, that fits the exponent."""
    half = _BITS // 2
    while True:
        candidate = source.number(1 << half) | 3 << (half - 2) | 1
        if all(candidate % small for small in _SMALL) and candidate % _EXPONENT != 1 and _is_prime(candidate, source):
            return candidate


def _is_prime(number: int, source: IdMaker) -> bool:
    odd, twos = number - 1, 0
    while not odd & 1:
        odd, twos = odd >> 1, twos + 1
    return all(_passes(number, pow(source.number(number - 3) + 2, odd, number), twos) for _ in range(_ROUNDS))


def _passes(number: int, power: int, twos: int) -> bool:
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
