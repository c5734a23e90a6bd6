"""What is known of a protocol besides its bytes: line, polling, checksum, stability, keys.

A `Family` is the fixed knowledge (one a protocol, in its own module); a `Profile` is what one shop
uses: a family with its keys set. `catalogue` holds all families by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from scale_app.weighing.protocols.framing import Decoder


class StableBy(Enum):
    """Who says that a weight is settled.

    FLAG: the scale, in a frame with a checksum. FLAG_TWICE: the scale, and two equal readings at
    least 80 ms apart, since a frame without checksum may have been damaged into another weight.
    SOFTWARE: the time window of `stability`, for scales that send no flag. SOFTWARE_TWICE: the
    window, and two equal readings at least 80 ms apart, where there is no checksum either.
    """

    FLAG = "flag"
    FLAG_TWICE = "flag_twice"
    SOFTWARE = "software"
    SOFTWARE_TWICE = "software_twice"


@dataclass(frozen=True, slots=True)
class Line:
    """Settings of the serial line; `parity` is N, E or O."""

    baud: int = 9600
    bits: int = 8
    parity: str = "N"
    stop: int = 1

    def text(self) -> str:
        """As installers write it: `9600 7E1`."""
        return f"{self.baud} {self.bits}{self.parity}{self.stop}"


Keys = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """One family of protocols.

    `keys` are the profile keys and their values, the default first; those in `required` have no
    safe default and must be set. `checksum` says in words what protects a frame. `poll` is what the
    host sends for a weight (nothing: the scale talks by itself), at most every `poll_every_s`
    seconds, waiting at most `answer_s` for the answer.
    """

    name: str
    title: str
    make: Callable[[Keys], Decoder]
    stable_by: Callable[[Keys], StableBy]
    keys: Mapping[str, tuple[str, ...]]
    line: Line
    longest: int
    poll: bytes = b""
    poll_every_s: float = 0.2
    answer_s: float = 0.5
    ask: Callable[[Keys], bytes] | None = None
    required: tuple[str, ...] = ()
    checksum: str = "none"


@dataclass(frozen=True, slots=True)
class Profile:
    """One scale as a shop has set it up: a family, its keys, its line."""

    family: Family
    keys: Keys
    line: Line

    @property
    def protocol(self) -> str:
        """The family's name, as in the catalogue."""
        return self.family.name

    @property
    def stable_by(self) -> StableBy:
        """Who says that a weight is settled under these keys."""
        return self.family.stable_by(self.keys)

    @property
    def poll(self) -> bytes:
        """What the host sends for a weight under these keys; nothing when the scale talks."""
        return self.family.ask(self.keys) if self.family.ask else self.family.poll

    @property
    def fresh_s(self) -> float:
        """Seconds after which a reading is stale."""
        return 1.5 * self.family.poll_every_s + 0.5 if self.poll else 1.0

    def decoder(self) -> Decoder:
        """A new decoder with an empty buffer."""
        return self.family.make(self.keys)
