"""Bar codes on goods, against GS1's own examples, biip's tests and biip itself."""

from decimal import Decimal

import biip
import pytest
from biip.rcn import Rcn
from hypothesis import given
from hypothesis import strategies as st

from broker.labels import (
    FNC1,
    HOUSE,
    LAYOUTS,
    BadLabel,
    InStore,
    Measure,
    check_digit,
    element_string,
    element_text,
    has_check_digit,
    layout_of,
    read_in_store,
    verifier,
    weighed_elements,
    write_in_store,
)

# Codes from biip's tests (Apache-2.0), some of them on real packages: Norvegia 1 kg, Stange
# kyllingbryst. Values in grams, minor units (of two decimals) or pieces.
PUBLISHED = [
    *[(c, "2311111112345", Measure.WEIGHT, 111111, 1234) for c in ("EE", "LV", "LT")],
    *[(c, "2411111112342", Measure.WEIGHT, 111111, 12340) for c in ("EE", "LV", "LT")],
    *[(c, "2511111112349", Measure.WEIGHT, 111111, 123400) for c in ("EE", "LV", "LT")],
    ("DK", "2135040039753", Measure.PRICE, 3504, 3975),
    ("DK", "2235040039750", Measure.PRICE, 3504, 3975),
    ("DK", "2335040039757", Measure.PRICE, 3504, 3975),
    ("DK", "2435040039754", Measure.PRICE, 3504, 3975),
    ("DK", "2623570001505", Measure.WEIGHT, 2357, 150),
    ("DK", "2712341002251", Measure.WEIGHT, 12341, 225),
    ("DK", "2823570001509", Measure.WEIGHT, 2357, 150),
    ("FI", "2388060112344", Measure.WEIGHT, 880601, 1234),
    ("FI", "2488060112341", Measure.WEIGHT, 880601, 12340),
    ("FI", "2588060112348", Measure.WEIGHT, 880601, 123400),
    ("DE", "2211114002394", Measure.PRICE, 1111, 239),
    ("DE", "2330714002396", Measure.PRICE, 3071, 239),
    ("DE", "2511119000129", Measure.COUNT, 1111, 12),
    ("DE", "2630719000121", Measure.COUNT, 3071, 12),
    ("DE", "2811111068708", Measure.WEIGHT, 1111, 6870),
    ("DE", "2930711068700", Measure.WEIGHT, 3071, 6870),
    ("GB", "2011122912346", Measure.PRICE, 11122, 1234),
    ("NO", "2302148210869", Measure.WEIGHT, 21482, 1086),
    ("NO", "2368091402263", Measure.WEIGHT, 680914, 226),
    ("SE", "2088060112343", Measure.PRICE, 880601, 1234),
    ("SE", "2188060112340", Measure.PRICE, 880601, 12340),
    ("SE", "2288060112347", Measure.PRICE, 880601, 123400),
]
GEOGRAPHIC = sorted(set(LAYOUTS) - {"HOUSE"})


def read(country: str, code: str) -> InStore | None:
    found = (read_in_store(code, layout_of(text), 2) for text in LAYOUTS[country])
    return next((one for one in found if one is not None), None)


@pytest.mark.parametrize(
    ("digits", "check"),
    [("950110153100", 0), ("9501234", 6), ("703206980498", 8), ("629104150021", 3)],
)
def test_the_check_digit_is_gs1s(digits: str, check: int) -> None:
    # GS1 General Specifications 7.9.1, biip's documentation, GS1's check digit calculator page.
    assert check_digit(digits) == check
    assert has_check_digit(f"{digits}{check}")
    assert not has_check_digit(f"{digits}{(check + 1) % 10}")


@pytest.mark.parametrize(("value", "digit"), [("2875", 9), ("14685", 6), ("1234", 9), ("00012", 9)])
def test_the_verifier_is_gs1s(value: str, digit: int) -> None:
    # GS1 General Specifications 7.9.3 and 7.9.4; the last two from biip's tests.
    assert verifier(value) == digit


@given(st.integers(0, 9999), st.integers(0, 99_999))
def test_verifiers_agree_with_biip(four: int, five: int) -> None:
    for value in (f"{four:04d}", f"{five:05d}"):
        assert verifier(value) == biip.checksums.gs1_price_weight_check_digit(value)


@pytest.mark.parametrize(("country", "code", "measure", "item", "value"), PUBLISHED)
def test_a_published_code_reads_and_is_written_again(
    country: str, code: str, measure: Measure, item: int, value: int
) -> None:
    assert read(country, code) == InStore(item, measure, value)
    [layout] = [x for x in map(layout_of, LAYOUTS[country]) if code.startswith(x.prefix)]
    assert write_in_store(item, value, layout, 2) == code


@pytest.mark.parametrize(
    ("country", "code"), [("GB", "2011122812349"), ("DE", "2511118000120"), ("DK", "2135040039754")]
)
def test_a_wrong_verifier_or_check_digit_is_refused(country: str, code: str) -> None:
    with pytest.raises(BadLabel):
        read(country, code)


@given(st.sampled_from(GEOGRAPHIC), st.data())
def test_what_we_write_biip_reads(country: str, data: st.DataObject) -> None:
    layout = layout_of(data.draw(st.sampled_from(LAYOUTS[country])))
    item = data.draw(st.integers(0, 10**layout.item - 1))
    printed = data.draw(st.integers(0, 10**layout.digits - 1))
    usual = {Measure.PRICE: 2, Measure.WEIGHT: 3, Measure.COUNT: 0}[layout.measure]
    decimals = usual if layout.decimals is None else layout.decimals
    code = write_in_store(item, printed * 10 ** (usual - decimals), layout, 2)
    config = biip.ParseConfig(rcn_region=country.lower(), rcn_verify_variable_measure=True)
    theirs = biip.parse(code, config=config).gtin
    assert isinstance(theirs, Rcn)
    value = {Measure.PRICE: theirs.price, Measure.WEIGHT: theirs.weight}.get(
        layout.measure, None if theirs.count is None else Decimal(theirs.count)
    )
    assert value == Decimal(printed).scaleb(-decimals)
    assert int(theirs.item_reference or "0") == item


def test_the_house_layout_has_grams_and_minor_units() -> None:
    weight, price = map(layout_of, HOUSE)
    assert write_in_store(17, 1235, weight, 2)[:12] == "210001701235"
    assert read("HOUSE", write_in_store(17, 1580, price, 2)) == InStore(17, Measure.PRICE, 1580)


@pytest.mark.parametrize(
    "text",
    ["", "22IIIIVPPPPP", "22IIIIVPPPPPP", "22PPPPPPPPPPC", "22IIIIVPPPPPC:9", "2AIIIIVPPPPPC",
     "22IIIVPPPPPPC", "22IIIIPPPWWWC"],
)  # fmt: skip
def test_what_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(BadLabel):
        layout_of(text)


@pytest.mark.parametrize(("item", "value"), [(100_000, 1), (1, 100_000), (-1, 1), (1, -1)])
def test_what_does_not_fit_is_not_written(item: int, value: int) -> None:
    with pytest.raises(BadLabel):
        write_in_store(item, value, layout_of(HOUSE[0]), 2)


def test_a_layout_coarser_than_the_value_or_finer_than_the_money_is_refused() -> None:
    with pytest.raises(BadLabel):
        write_in_store(1, 1235, layout_of("24IIIIIIWWWWC:2"), 2)
    with pytest.raises(BadLabel):
        read_in_store("2088060112343", layout_of("20IIIIIIPPPPC:2"), 0)


def test_element_strings_put_fixed_lengths_first_and_end_variable_ones() -> None:
    # The GTIN and its values as in GS1's examples: 09520123456788, 0.195 kg, 2.99.
    made = element_string(
        {"10": "ABC123", "01": "09520123456788", "3922": "299", "17": "201225", "3103": "000195"}
    )
    assert made == f"010952012345678817201225310300019510ABC123{FNC1}3922299"


def test_a_weighed_pack_is_read_by_biip_as_it_was_written() -> None:
    elements = weighed_elements("97032069804981", 1235, 840, 2)
    read_back = biip.parse(element_string({**elements, "15": "261130", "10": "A-7"})).gs1_message
    assert read_back is not None
    found = {e.ai.ai: (e.decimal, e.value) for e in read_back.element_strings}
    assert found["3103"][0] == Decimal("1.235")
    assert found["3922"][0] == Decimal("8.40")
    assert (found["01"][1], found["15"][1], found["10"][1]) == ("97032069804981", "261130", "A-7")


@pytest.mark.parametrize(
    "elements",
    [
        {"01": "97032069804980"},
        {"3103": "1235"},
        {"310": "001235"},
        {"99": "x"},
        {"10": ""},
        {"10": "x" * 21},
        {"17": "261301"},
        {"3922": "1" * 16},
        {"3922": "१२"},
    ],
)
def test_an_element_that_cannot_be_is_refused(elements: dict[str, str]) -> None:
    with pytest.raises(BadLabel):
        element_string(elements)


def test_only_goods_of_variable_measure_carry_a_weight() -> None:
    with pytest.raises(BadLabel):
        weighed_elements("07032069804988", 1235, None, 2)


def test_an_element_string_is_printed_with_its_identifiers_in_brackets() -> None:
    elements = {**weighed_elements("97032069804981", 1235, 840, 2), "10": "A7", "17": "261231"}
    assert element_text(element_string(elements)) == (
        "(01)97032069804981 (3103)001235 (17)261231 (3922)840 (10)A7"
    )
    assert element_text("") == ""


@pytest.mark.parametrize(
    ("layout", "code", "price"),
    [
        ("21IIIIIPPPPPWWWWWX", "210000700352002209", 352),
        ("21IIIIIWWWWWPPPPPX", "210000700220003529", 352),
        ("21IIIIIWWWWWPPPPPX:1", "210000700220003529", 3520),
        ("2IIIIIIPPPPPWWWWWX", "200000700352002209", 352),
    ],
)
def test_eighteen_digits_of_a_label_scale_say_item_and_price(
    layout: str, code: str, price: int
) -> None:
    assert read_in_store(code, layout_of(layout), 2) == InStore(7, Measure.PRICE, price)
    # How its check digit is made is not published: any will do.
    assert read_in_store(code[:-1] + "0", layout_of(layout), 2) is not None
    assert read_in_store(code[:-1], layout_of(layout), 2) is None
    with pytest.raises(BadLabel, match="never written"):
        write_in_store(7, price, layout_of(layout), 2)


@pytest.mark.parametrize(
    "text",
    [
        "21IIIIIPPPPPWWWWWC", "21IIIIIPPPPPPPPPPX", "21IIIIIWWWWWWWWWWX", "21IIIIIWWWPPPPWWWX",
        "21IIIIINNNNNPPPPPX", "21IIIIIPPPPPWWWWWX:4", "IIIIIIIPPPPPWWWWWX",
    ],
)  # fmt: skip
def test_what_is_no_layout_of_eighteen_digits_is_refused(text: str) -> None:
    with pytest.raises(BadLabel):
        layout_of(text)
