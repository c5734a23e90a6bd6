"""A shop's settings become a profile, or a sentence that says what is wrong."""

import pytest

from scale_app.weighing import catalogue
from scale_app.weighing.protocols.family import Line


def test_without_settings_the_first_value_of_each_key_holds() -> None:
    for name, family in catalogue.FAMILIES.items():
        required = {key: family.keys[key][0] for key in family.required}
        profile = catalogue.profile(name, required)
        assert profile.protocol == name == family.name
        assert dict(profile.keys) == {key: values[0] for key, values in family.keys.items()}
        assert profile.line == family.line


def test_the_public_keys_and_their_defaults_are_those_of_the_specification() -> None:
    keys = {name: family.keys for name, family in catalogue.FAMILIES.items()}
    assert keys["mt-8217"]["bit5"] == ("net", "always-one")
    assert keys["mt-8217"]["strip_parity"] == ("", "even", "odd", "no")
    assert keys["mt-8217"]["unit"] == ("kg", "lb")
    assert keys["toledo-continuous"]["checksum"] == ("yes", "no")
    assert keys["toledo-continuous"]["form"] == ("long", "short")
    assert keys["st-gs"]["form"] == ("auto", "10", "19", "short")
    assert keys["oem-block"]["bcc"] == ("sta-unit", "stx-unit", "none")
    assert keys["yaohua-stx"]["mode"] == ("continuous", "command")
    assert keys["yaohua-stx"]["address"] == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert keys["yaohua-eq"]["digits"] == ("reversed", "forward")
    assert keys["yaohua-eq"]["form"] == ("weight", "price")
    assert keys["digi-b"]["form"] == ("37", "35")


def test_the_order_of_yaohua_digits_is_never_guessed() -> None:
    with pytest.raises(catalogue.BadProfile, match="digits"):
        catalogue.profile("yaohua-eq")
    assert catalogue.profile("yaohua-eq", {"digits": "forward"}).keys["digits"] == "forward"


def test_what_is_asked_may_follow_from_the_keys() -> None:
    assert catalogue.profile("yaohua-stx").poll == b""
    asked = {"mode": "command", "address": "B"}
    assert catalogue.profile("yaohua-stx", {"mode": "command"}).poll == b"\x02AC02\x03"
    assert catalogue.profile("yaohua-stx", asked).poll == b"\x02BC01\x03"
    assert catalogue.profile("digi-b").poll == b"\x05"
    assert catalogue.profile("digi-b", {"form": "35"}).poll == b""


def test_any_family_takes_another_line() -> None:
    assert catalogue.profile("mt-8217", {"line": "4800 8N1"}).line == Line(4800, 8, "N", 1)
    assert catalogue.profile("mt-8217").line.text() == "9600 7E1"


@pytest.mark.parametrize(
    ("protocol", "settings", "part"),
    [
        ("dahua", {}, "no scale protocol 'dahua'"),
        ("st-gs", {"bit5": "net"}, "no key 'bit5'"),
        ("st-gs", {"form": "23"}, "choose one of: auto, 10"),
        ("mt-8217", {"strip_parity": ""}, "choose one of: even, odd, no"),
        ("st-gs", {"line": "fast"}, "9600 8N1"),
    ],
)
def test_wrong_settings_are_a_sentence(protocol: str, settings: dict[str, str], part: str) -> None:
    with pytest.raises(catalogue.BadProfile, match=part):
        catalogue.profile(protocol, settings)


def test_a_polled_scale_is_fresh_for_longer_than_its_poll() -> None:
    assert catalogue.profile("mt-8217").fresh_s == pytest.approx(0.8)
    assert catalogue.profile("st-gs").fresh_s == pytest.approx(1.0)
