"""Trailer, chain and signature, pinned by openssl and published vectors."""

import subprocess

import pytest

from broker import seal
from broker.errors import BadMessage, BadSeal

KEY = bytes(range(32))
JSON_BODY = b'[1,21,"S03-12"]'
PACKED_BODY = b"\x93\x01\x15\xa6S03-12"


def openssl_mac(body: bytes) -> bytes:
    words = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{KEY.hex()}"]
    done = subprocess.run([*words, "-binary"], input=body, capture_output=True, check=True)
    return done.stdout[:16]


def test_hmac_agrees_with_rfc_4231_case_2() -> None:
    mac = seal.mac_of(b"Jefe", b"what do ya want for nothing?")
    assert mac.hex() == "5bdcc146bf60754e6a042426089575c7"


@pytest.mark.parametrize("body", [JSON_BODY, PACKED_BODY])
def test_the_trailer_is_what_openssl_computes(body: bytes) -> None:
    frame = seal.sealed(body, KEY)
    assert seal.split(frame) == (body, openssl_mac(body))


def test_a_json_trailer_is_a_newline_and_hex() -> None:
    frame = seal.sealed(JSON_BODY, KEY)
    assert frame == JSON_BODY + b"\n" + openssl_mac(JSON_BODY).hex().encode()
    assert seal.opened(frame + b"\n", [KEY])[0] == JSON_BODY


def test_an_answer_is_bound_to_its_request() -> None:
    request = seal.mac_of(KEY, PACKED_BODY)
    frame = seal.sealed(PACKED_BODY, KEY, covers=request)
    assert seal.opened(frame, [KEY], covers=request)[0] == PACKED_BODY
    with pytest.raises(BadSeal):
        seal.opened(frame, [KEY], covers=bytes(16))


def test_two_keys_may_be_active_and_a_third_is_refused() -> None:
    old, new = bytes(32), KEY
    assert seal.opened(seal.sealed(PACKED_BODY, old), [new, old])[0] == PACKED_BODY
    with pytest.raises(BadSeal):
        seal.opened(seal.sealed(PACKED_BODY, b"x" * 32), [new, old])


@pytest.mark.parametrize("body", [JSON_BODY, PACKED_BODY])
def test_every_changed_bit_breaks_the_seal(body: bytes) -> None:
    frame = seal.sealed(body, KEY)
    for place in range(8 * len(frame)):
        changed = bytearray(frame)
        changed[place // 8] ^= 1 << (place % 8)
        if bytes(changed[-32:]).lower() == frame[-32:] and changed[:-32] == frame[:-32]:
            continue  # hex digits of the trailer may be written in either case
        with pytest.raises(BadMessage):
            seal.opened(bytes(changed), [KEY])


@pytest.mark.parametrize(
    "frame", [b"", b"x", bytes(16), b"[1]", b"[1]\nabc", b"[1]" + b"0" * 33, bytes(70_000)]
)
def test_frames_without_room_for_a_trailer_are_refused(frame: bytes) -> None:
    with pytest.raises(BadMessage):
        seal.opened(frame, [KEY])


def test_the_chain_hash_is_the_first_half_of_sha_256() -> None:
    # FIPS 180-2, "abc".
    assert seal.link_of(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223"


def test_a_terminals_key_differs_by_terminal_and_number() -> None:
    keys = {seal.terminal_key(KEY, t, n) for t in ("S03-12", "S03-13") for n in (1, 2)}
    assert len(keys) == 4


def test_ed25519_agrees_with_rfc_8032_test_1() -> None:
    private = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = seal.signed(b"", private)
    assert signature.hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065")
    assert seal.is_genuine(b"", signature, public)
    assert not seal.is_genuine(b"x", signature, public)
    assert not seal.is_genuine(b"", signature, b"short")
