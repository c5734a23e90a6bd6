"""Opens the link to the broker; paho is imported here, after the first frame is drawn."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from broker.topics import Channel, all_down, up
from scale_app.config import Settings
from scale_app.terminal.happened import Happened, LinkTurned, MessageCame

if TYPE_CHECKING:
    from broker.client import Arrived, Link

log = logging.getLogger("steelyard.link")


def open_link(
    settings: Settings, will: bytes | None, put: Callable[[Happened], None], *, name: str = ""
) -> "Link":
    """A link that connects by itself from now on; its thread only fills the queue.

    Args:
        settings: where and as whom.
        will: sealed heartbeat of state 0, kept by the broker until this scale is gone.
        put: the core's queue.
        name: client id, when it is not the terminal's (none but the terminal's is let in).

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
            name=name or settings.terminal,
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
