"""`backoffice serve`."""

import os
import signal
import time
from typing import TYPE_CHECKING

import click

from backoffice.cli.desk import Office, now_ms, open_desk
from backoffice.errors import ConfigFault

if TYPE_CHECKING:
    from backoffice.beside import Beside
    from broker.client import LinkSettings

SESSION_KEPT_S = 7 * 24 * 3600


@click.command()
@click.pass_obj
def serve(office: Office) -> None:
    """Answer the tills until told to stop (SIGTERM).

    Example: backoffice serve
    """
    from backoffice.anchors import DailyAnchor, anchor_file
    from backoffice.command_socket import Callers, listen
    from backoffice.lock import WriterLock
    from backoffice.log import start_log
    from backoffice.nightly import NightlyAudit, audit_command
    from backoffice.server import Server, log
    from broker.client import Link

    start_log()
    with WriterLock(office.state.lock):
        desk = open_desk(office)
        if desk.store.directory.organisation() is None:
            raise ConfigFault("There is no organisation; run `backoffice apply market.toml` first.")
        callers = Callers(listen(office.state.socket))
        anchor = DailyAnchor(anchor_file(office.state.books), desk.signing_key)
        audit = NightlyAudit(
            audit_command(office.state.folder), office.state.folder / "audit.night"
        )
        beside = _beside(office)
        server = Server(desk, callers, now_ms, anchor=anchor, audit=audit, beside=beside)
        link = Link(_settings(office), server.arrived, server.link_changed)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.stop())
        log.info("serving", broker=f"{office.config.host}:{office.config.port}")
        try:
            if beside.supervised is not None:
                beside.supervised.ready()
            server.run(link)
        finally:
            if beside.supervised is not None:
                beside.supervised.stopping()
            if beside.metrics is not None:
                beside.metrics.stop()
            link.stop()
            audit.stop()
            callers.close()
            office.state.socket.unlink(missing_ok=True)
            desk.store.close()
        log.info("stopped")


def _beside(office: Office) -> "Beside":
    """What this server does beside booking; its page for metrics answers from now on."""
    from backoffice.beside import Beside
    from backoffice.supervised import supervised_by

    metrics = None
    if office.config.metrics_port:
        from backoffice.metrics import Metrics

        metrics = Metrics()
        metrics.serve(office.config.metrics_port)
    return Beside(
        supervised=supervised_by(os.environ, time.monotonic), metrics=metrics,
        books=office.state.books, backups=office.config.backups,
        tells_sales=office.config.tells_sales, collect_at=office.config.collect_at,
    )  # fmt: skip


def _settings(office: Office) -> "LinkSettings":
    from backoffice.pki import OFFICE_NAME, Authority
    from broker.client import LinkSettings
    from broker.topics import ALL_UP

    folder = Authority(office.state.pki).office()
    return LinkSettings(
        host=office.config.host,
        port=office.config.port,
        name=OFFICE_NAME,
        ca_file=folder / "ca.pem",
        cert_file=folder / f"{OFFICE_NAME}.pem",
        key_file=folder / f"{OFFICE_NAME}.key",
        subscribe=((ALL_UP, 1),),
        keepalive_s=60,
        keep_session_s=SESSION_KEPT_S,
    )
