"""`backoffice web`: the office's pages for a browser."""

import ipaddress
import os
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backoffice.cli.desk import Office, change, now_ms, reading, say
from backoffice.errors import Exit, UsageFault

if TYPE_CHECKING:
    import uvicorn

    from backoffice.supervised import Supervised

STREAMS_END_S = 2


@click.command()
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535),
              help="0 = any free one.")  # fmt: skip
@click.option("--cert", type=click.Path(path_type=Path, exists=True), help="For https, PEM.")
@click.option("--key", type=click.Path(path_type=Path, exists=True), help="Its key, PEM.")
@click.option("--name", "names", multiple=True, help="A host name that browsers use; again.")
@click.option("--behind-proxy", is_flag=True, help="A proxy on this machine speaks https for us.")
@click.pass_obj
def web(
    office: Office, *, bind: str, port: int, cert: Path | None, key: Path | None,
    names: tuple[str, ...], behind_proxy: bool,
) -> None:  # fmt: skip
    """Serve the office's pages until told to stop (SIGTERM).

    Without --cert and --key only this machine reaches them. Browsers may call it by an address, by
    localhost, by this machine's name, and by what --name says.

    Example: backoffice web --port 8080
    """
    import uvicorn

    from backoffice.log import start_log
    from backoffice.supervised import supervised_by
    from backoffice.web.app import application
    from backoffice.web.site import Site

    is_https = cert is not None and key is not None
    if not is_https and not ipaddress.ip_address(bind).is_loopback:
        raise UsageFault("Passwords travel here: give --cert and --key, or bind to 127.0.0.1.")
    people = reading(office).people.all()
    if not people:
        say(office._("Nobody may sign in yet; add an owner: backoffice user add NAME --role owner"))
    start_log()
    site = Site(
        books=office.state.books,
        change=lambda name, said: change(office, name, said),
        clock=now_ms,
        ticks=time.monotonic,
        language=office.config.language,
        secure=is_https or behind_proxy,
        hosts=frozenset(one.lower() for one in (socket.gethostname(), socket.getfqdn(), *names)),
    )
    where = f"http{'s' if is_https else ''}://{bind}:{port}/"
    say(office._("The office is at {where}").format(where=where))
    settings = uvicorn.Config(
        application(site), host=bind, port=port, log_config=None, access_log=False,
        ssl_certfile=cert, ssl_keyfile=key, server_header=False,
        proxy_headers=behind_proxy, timeout_graceful_shutdown=STREAMS_END_S,
        limit_concurrency=200, h11_max_incomplete_event_size=16_384,
    )  # fmt: skip
    server = _serving(settings, supervised_by(os.environ, time.monotonic))
    server.run()
    if not server.started:
        sys.exit(Exit.UNAVAILABLE)


def _serving(settings: "uvicorn.Config", supervised: "Supervised") -> "uvicorn.Server":
    """A server whose own loop says that it lives."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            supervised.ready()

        async def on_tick(self, counter: int) -> bool:
            supervised.alive()
            return await super().on_tick(counter)

    return Server(settings)
