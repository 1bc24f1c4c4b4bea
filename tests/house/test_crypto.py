"""A BSN is unreadable without the keys, findable with them, and survives a change of key."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.crypto import BsnCipher, Keys, KeysError, generate_keys

KEYS = generate_keys()
CIPHER = BsnCipher(KEYS)
# Made for the test from its own digits; the eleven test holds for it and nobody carries it (RvIG test range 9999…).
NUMBER = "999990019"


@given(st.text())
def test_what_is_encrypted_comes_back(text: str) -> None:
    token = CIPHER.encrypt(text)
    assert CIPHER.decrypt(token) == text
    assert token.isascii()


def test_the_same_number_never_looks_the_same_but_hashes_the_same() -> None:
    assert len({CIPHER.encrypt(NUMBER) for _ in range(50)}) == 50
    assert CIPHER.hash(NUMBER) == CIPHER.hash(NUMBER)
    assert CIPHER.hash(NUMBER) != CIPHER.hash("999990020")
    assert NUMBER not in CIPHER.encrypt(NUMBER)


def test_the_hash_is_that_of_rfc_2104_with_sha256() -> None:
    """Known answer: RFC 4231 has no key of 32 bytes, so the definition is written out."""
    key = KEYS.hashing.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in key) + NUMBER.encode()).digest()
    assert CIPHER.hash(NUMBER) == hashlib.sha256(bytes(b ^ 0x5C for b in key) + inner).hexdigest()


def test_other_keys_give_another_hash_and_cannot_read() -> None:
    other = BsnCipher(generate_keys())
    assert other.hash(NUMBER) != CIPHER.hash(NUMBER)
    with pytest.raises(KeysError, match="andere database"):
        other.decrypt(CIPHER.encrypt(NUMBER))


@given(st.data())
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    token = CIPHER.encrypt(NUMBER)
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("AZaz09-_.=!"))
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(KeysError) as raised:
            CIPHER.decrypt(changed)
        assert NUMBER not in str(raised.value)


@pytest.mark.parametrize("token", ["", "k1", "k1.", ".", "k9.AAAA", "k1.é", "geen token"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(KeysError):
        CIPHER.decrypt(token)


def test_after_a_new_key_the_old_values_stay_readable_and_findable() -> None:
    before = CIPHER.encrypt(NUMBER)
    later = BsnCipher(KEYS.with_new_key())
    assert later.decrypt(before) == NUMBER
    assert later.hash(NUMBER) == CIPHER.hash(NUMBER)
    assert later.encrypt(NUMBER).startswith("k2.")
    with pytest.raises(KeysError, match="sleutel die niet"):
        CIPHER.decrypt(later.encrypt(NUMBER))


def test_a_value_cannot_be_moved_to_another_key() -> None:
    later = BsnCipher(KEYS.with_new_key())
    with pytest.raises(KeysError):
        later.decrypt("k1" + later.encrypt(NUMBER).removeprefix("k2"))


def test_columns_keep_their_gaps() -> None:
    column = [NUMBER, None, "999990020"]
    assert CIPHER.decrypt_all(CIPHER.encrypt_all(column)) == column
    assert CIPHER.hash_all(column) == [CIPHER.hash(NUMBER), None, CIPHER.hash("999990020")]


def test_keys_survive_their_file_and_stay_out_of_sight() -> None:
    keys = KEYS.with_new_key()
    assert Keys.from_text(keys.to_text()) == keys
    assert "hashing" not in repr(keys)
    assert "encryption" not in repr(keys)


def broken(**changes: object) -> str:
    return json.dumps({**json.loads(KEYS.to_text()), **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "geen json",
        "[]",
        "null",
        "{}",
        broken(versie=3),
        broken(actueel="k7"),
        broken(hash="kort"),
        broken(hash="AAAA"),
        broken(hash=7),
        broken(versleuteling={}),
        broken(versleuteling=["k1"]),
        broken(versleuteling={"a.b": json.loads(KEYS.to_text())["hash"]}, actueel="a.b"),
    ],
)
def test_a_damaged_key_file_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(KeysError) as raised:
        Keys.from_text(text)
    assert raised.value.__cause__ is None
    secret = json.loads(KEYS.to_text())["hash"]
    assert secret not in str(raised.value)
