"""Ids that are the same on every machine, in every engine, at every import.

All are BLAKE2b over facts as stated. Changing any function here changes ids in
databases that exist: ``tests/unit/schema/test_keys.py`` holds stored values.
"""

from __future__ import annotations

from hashlib import blake2b

ID_BITS = 63
_MASK = (1 << ID_BITS) - 1


def event_key(time_us: int, facts: bytes) -> bytes:
    """16 bytes: 8 of ``time_us`` big-endian (sorts by time), 8 of hash of ``facts``.

    ``time_us`` before 1970 is kept by an offset of 2**63.
    """
    return (time_us + (1 << 63)).to_bytes(8, "big") + blake2b(facts, digest_size=8).digest()


def key_time_us(key: bytes) -> int:
    """Microseconds since 1970 UTC that ``event_key`` put into ``key``."""
    return int.from_bytes(key[:8], "big") - (1 << 63)


def child_key(key: bytes, part: str) -> bytes:
    """16-byte key of a row that one event writes several of; ``part`` tells them apart."""
    return key[:8] + blake2b(key + part.encode(), digest_size=8).digest()


def dictionary_id(kind: str, text: str) -> int:
    """Positive 63-bit id of ``text`` in the dictionary ``kind`` (``url``, ``resource``…)."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=kind.encode()[:16]).digest()
    return int.from_bytes(digest, "big") & _MASK or 1


def learner_key(secret: bytes, site: str, user_id: int) -> bytes:
    """16-byte pseudonym of an LMS user of ``site``; ``prod`` and ``edge`` are two sites."""
    return blake2b(f"id\0{site}\0{user_id}".encode(), digest_size=16, key=secret[:64]).digest()


def named_learner_key(secret: bytes, site: str, username: str) -> bytes:
    """Pseudonym while only the name is known; re-keyed when the id becomes known."""
    text = f"name\0{site}\0{username}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=16, key=secret[:64]).digest()


def secret_fingerprint(secret: bytes) -> str:
    """16 hex digits that tell two secrets apart and reveal neither."""
    return blake2b(b"fingerprint", digest_size=8, key=secret[:64]).hexdigest()
