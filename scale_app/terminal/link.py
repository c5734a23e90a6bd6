"""Opens the link to the broker; paho is imported here, after the first frame is drawn."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from broker.topics import Channel, all_down, up
from scale_app.config import Settings
from scale_app.terminal.happened import Happened, LinkTurned, MessageCame

if TYPE_CHECKING:
    from broker.client import Arrived, Link

log = logging.getLogger("steelyard.link")


class Wire(Protocol):
    """What the core needs of a link; `broker.client.Link` is one."""

    def publish(self, topic: str, payload: bytes, qos: int, *, retain: bool = False) -> bool:
        """Hands a frame to the link; false when it is down."""

    def acknowledge(self, arrived: "Arrived") -> None:
        """The message is dealt with."""

    def stop(self) -> None:
        """Ends the link."""


Connect = Callable[[Settings, bytes | None, Callable[[Happened], None]], Wire]
"""(settings, will, queue) -> a link that connects by itself from now on."""


def open_link(settings: Settings, will: bytes | None, put: Callable[[Happened], None]) -> "Link":
    """A link that connects by itself from now on; its thread only fills the queue.

    Args:
        settings: where and as whom.
        will: sealed heartbeat of state 0, kept by the broker until this scale is gone.
        put: the core's queue.

    Raises:
        OSError: certificate files that cannot be used.
    """
    from broker.client import Link, LinkSettings  # noqa: PLC0415  late: paho takes 55 ms

    def came(arrived: "Arrived") -> None:
        put(MessageCame(arrived))

    def turned(connected: bool, why: str) -> None:  # noqa: FBT001  the door's signature
        put(LinkTurned(connected, why))

    files = settings.enrolment.directory
    link = Link(
        LinkSettings(
            host=settings.host,
            port=settings.port,
            name=settings.terminal,
            ca_file=files / "ca.pem",
            cert_file=files / "terminal.pem",
            key_file=files / "terminal.key",
            subscribe=((all_down(settings.terminal), 1),),
            will=(up(settings.terminal, Channel.HEARTBEAT), will) if will else None,
        ),
        came,
        turned,
    )
    link.start()
    return link
