"""Families by ATR."""

import pytest

from card.atr import CardFamily, family_of, name_of


@pytest.mark.parametrize(
    ("atr", "family"),
    [
        # ACR122U manual 4.1 and PC/SC part 3 supplement: 1K, 4K; then Ultralight and Mini.
        ("3B8F8001804F0CA000000306030001000000006A", CardFamily.M1_1K),
        ("3B8F8001804F0CA0000003060300020000000069", CardFamily.M1_4K),
        ("3B8F8001804F0CA0000003060300030000000068", CardFamily.UNKNOWN),
        ("3B8F8001804F0CA000000306030026000000004D", CardFamily.UNKNOWN),
        # FeliCa: another standard byte.
        ("3B8F8001804F0CA00000030611003B0000000042", CardFamily.UNKNOWN),
        # The same id at another offset.
        ("3B8C80014F0CA0000003060300010000", CardFamily.M1_1K),
        ("3B8A80010031C173C8400000900090", CardFamily.CPU),
        ("3B6D000057444C3286938E8A", CardFamily.CPU),
        ("", CardFamily.UNKNOWN),
        ("00", CardFamily.UNKNOWN),
        ("A000000306", CardFamily.UNKNOWN),
        ("3BA0000003060300", CardFamily.UNKNOWN),
        ("3B" * 40, CardFamily.UNKNOWN),
    ],
)
def test_an_atr_names_its_family(atr: str, family: CardFamily) -> None:
    assert family_of(bytes.fromhex(atr)) is family


@pytest.mark.parametrize(
    ("atr", "name"),
    [
        ("3B8F8001804F0CA0000003060300030000000068", "MIFARE Ultralight"),
        ("3B8F8001804F0CA000000306030026000000004D", "MIFARE Mini"),
        ("3B8F8001804F0CA00000030611003B0000000042", "FeliCa"),
        ("3B8180018080", "MIFARE DESFire"),
        ("3B6D000057444C3286938E8A", "processor card"),
        ("3B8F8001804F0CA0000003060300990000000000", "memory card"),
        ("00", "unknown"),
    ],
)
def test_a_card_that_we_do_not_talk_with_has_a_name(atr: str, name: str) -> None:
    assert name_of(bytes.fromhex(atr)) == name
