import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import Unreadable
from storage.connection.encryption import Codec, Encryption, generate_key
from tests.plain import Plain

SEALING = {"s1": generate_key()}
HASHING = {"h1": generate_key()}
CODEC = Encryption(sealing=SEALING, hashing=HASHING)


@given(st.binary(max_size=300), st.integers(min_value=-(2**63), max_value=2**63))
def test_what_was_sealed_is_opened_in_its_place(value: bytes, row: int) -> None:
    sealed = CODEC.seal(value, column="cases|body", row=row)
    assert CODEC.open(sealed, column="cases|body", row=row) == value
    assert len(sealed) == 1 + 1 + 2 + 12 + len(value) + 16


@pytest.mark.parametrize(("column", "row"), [("cases|body", 2), ("sessions|body", 1), ("cases|text", 1)])
def test_in_another_place_it_is_unreadable(column: str, row: int) -> None:
    sealed = CODEC.seal(b"x", column="cases|body", row=1)
    with pytest.raises(Unreadable):
        CODEC.open(sealed, column=column, row=row)


def test_a_changed_bit_anywhere_makes_it_unreadable() -> None:
    sealed = CODEC.seal(b"secret", column="c|b", row=1)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Unreadable):
            CODEC.open(bytes(changed), column="c|b", row=1)


def test_any_shorter_value_is_unreadable() -> None:
    sealed = CODEC.seal(b"secret", column="c|b", row=1)
    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            CODEC.open(sealed[:length], column="c|b", row=1)


def test_another_key_is_unreadable_whether_its_id_is_the_same_or_not() -> None:
    sealed = CODEC.seal(b"x", column="c|b", row=1)
    for key_id in ("s1", "s2"):
        other = Encryption(sealing={key_id: generate_key()}, hashing=HASHING)
        with pytest.raises(Unreadable):
            other.open(sealed, column="c|b", row=1)


def test_the_first_key_seals_and_the_others_open() -> None:
    sealed = CODEC.seal(b"x", column="c|b", row=1)
    rotated = Encryption(sealing={"s2": generate_key()} | SEALING, hashing=HASHING)
    assert rotated.open(sealed, column="c|b", row=1) == b"x"
    with pytest.raises(Unreadable):
        CODEC.open(rotated.seal(b"x", column="c|b", row=1), column="c|b", row=1)


def test_the_same_value_is_never_sealed_the_same() -> None:
    assert len({CODEC.seal(b"x", column="c|b", row=1) for _ in range(100)}) == 100


def test_a_hash_is_found_again_under_its_purpose_and_key_only() -> None:
    kept = CODEC.digest("policies.number", b"P-1")
    assert kept == CODEC.digest("policies.number", b"P-1")
    assert kept not in {CODEC.digest("policies.number", b"P-2"), CODEC.digest("person.number", b"P-1")}
    rotated = Encryption(sealing=SEALING, hashing={"h2": generate_key()} | HASHING)
    assert rotated.digests("policies.number", b"P-1")[1:] == (kept,)
    assert rotated.digest("policies.number", b"P-1") != kept
    assert b"P-1" not in kept


@pytest.mark.parametrize(
    ("sealing", "hashing"),
    [
        ({}, HASHING),
        (SEALING, {}),
        ({"s1": b"short"}, HASHING),
        ({"": generate_key()}, HASHING),
        ({"密": generate_key()}, HASHING),
        ({"s" * 33: generate_key()}, HASHING),
        (HASHING, HASHING),
    ],
)
def test_bad_keys_are_refused_at_once(sealing: dict[str, bytes], hashing: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Encryption(sealing=sealing, hashing=hashing)


def test_the_plain_codec_hides_nothing() -> None:
    plain: Codec = Plain()
    assert plain.open(plain.seal(b"x", column="c|b", row=1), column="c|b", row=1) == b"x"
