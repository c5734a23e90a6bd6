"""Differences between two journals are found exactly, with few questions."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from broker.codec import encode
from broker.compared import Compare, RangeHash, RangeHeld
from broker.messages import Kind, Question
from broker.ranges import MOST_FOUND, Comparison, Span, parts, range_hash


class Office:
    """Bodies by number, and how much it was asked."""

    def __init__(self, held: dict[int, bytes]) -> None:
        self.held, self.questions, self.sent = held, 0, 0

    def bodies(self, span: Span) -> list[bytes]:
        return [self.held[n] for n in range(span[0], span[1] + 1) if n in self.held]

    def differing(self, ranges: list[RangeHash]) -> list[RangeHeld]:
        self.questions += 1
        self.sent += len(encode(Question(Kind.COMPARE, "S03-12", bytes(16), 0, Compare(1, ranges))))
        found = []
        for one in ranges:
            bodies = self.bodies((one.first, one.last))
            if range_hash(bodies) != one.hash:
                found.append(RangeHeld(one.first, one.last, len(bodies)))
        return found


def compared(mine: dict[int, bytes], office: Office, last: int) -> Comparison:
    own, comparison = Office(mine), Comparison.of(1, last)
    while not comparison.is_done:
        asked = comparison.next()
        ranges = [RangeHash(*span, range_hash(own.bodies(span))) for span in asked]
        comparison.told(asked, office.differing(ranges))
    return comparison


def journal(last: int) -> dict[int, bytes]:
    return {n: n.to_bytes(4, "big") for n in range(1, last + 1)}


@settings(max_examples=200)
@given(st.integers(1, 600), st.sets(st.integers(1, 600), max_size=12),
       st.sets(st.integers(1, 600), max_size=12))  # fmt: skip
def test_exactly_what_is_missing_or_other_is_found(
    last: int, lost: set[int], edited: set[int]
) -> None:
    mine = journal(last)
    there = {n: b"x" + body if n in edited else body for n, body in mine.items() if n not in lost}
    found = compared(mine, Office(there), last)
    assert sorted(found.missing) == sorted(lost & set(mine))
    assert sorted(found.other) == sorted((edited & set(mine)) - lost)


def test_two_equal_journals_take_one_question() -> None:
    office = Office(journal(1000))
    found = compared(journal(1000), office, 1000)
    assert (office.questions, found.missing, found.other) == (1, [], [])


def test_one_difference_among_ten_thousand_takes_few_questions_and_little_traffic() -> None:
    mine = journal(10_000)
    office = Office({n: body for n, body in mine.items() if n != 7_777})
    assert compared(mine, office, 10_000).missing == [7_777]
    assert office.questions <= 5
    assert office.sent < 4_000


def test_a_journal_that_is_wholly_gone_is_not_listed_without_end() -> None:
    found = compared(journal(5_000), Office({}), 5_000)
    assert len(found.missing) == MOST_FOUND
    assert found.missing[:3] == [1, 2, 3]


def test_an_answer_about_ranges_never_asked_says_nothing() -> None:
    comparison = Comparison.of(1, 32)
    comparison.told(comparison.next(), [RangeHeld(40, 50, 3), RangeHeld(1, 32, 0)])
    assert (comparison.is_done, comparison.missing, comparison.other) == (True, [], [])


def test_an_empty_range_is_done_at_once() -> None:
    assert Comparison.of(5, 4).is_done


@given(st.integers(1, 100_000), st.integers(0, 100_000))
def test_parts_cover_a_range_once(first: int, more: int) -> None:
    found = parts((first, first + more))
    assert found[0][0] == first
    assert found[-1][1] == first + more
    assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(found))
    assert len(found) <= 16
