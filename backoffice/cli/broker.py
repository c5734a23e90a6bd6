"""`backoffice broker config`."""

import ipaddress
from pathlib import Path

import click

from backoffice.cli.desk import Office, say


@click.group()
def broker() -> None:
    """The MQTT broker between the tills and the office."""


@broker.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port; the settings' one if left.")
@click.option("--host", "hosts", multiple=True, help="Further name or address of the broker.")
@click.option("--bind", help="Address to listen on; loopback when the broker's host is.")
@click.pass_obj
def config(
    office: Office, /, *, out: Path, port: int | None, hosts: tuple[str, ...], bind: str | None
) -> None:
    """Write a configuration for Mosquitto, with certificates and access rules.

    Example: backoffice broker config --out /etc/mosquitto/market
    """
    from backoffice.broker_config import write_broker_config
    from backoffice.pki import Authority

    where = write_broker_config(
        Authority(office.state.pki),
        out,
        port=port or office.config.port,
        bind=_loopback(office.config.host) if bind is None else bind,
        hosts=(office.config.host, *hosts),
    )
    say(f"{office._('written; start the broker with')}: mosquitto -c {where}")


@broker.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write.")
@click.pass_obj
def watcher(office: Office, out: Path) -> None:
    """Write a certificate with which a program may read the alerts (topic e/a), nothing else.

    Example: backoffice broker watcher --out watcher
    """
    from backoffice.broker_config import WATCHER
    from backoffice.pki import Authority
    from backoffice.secrets_file import private_folder, write_private

    authority = Authority(office.state.pki)
    pair = authority.client(WATCHER)
    place = private_folder(out)
    write_private(place / "ca.pem", authority.ca)
    write_private(place / f"{WATCHER}.pem", pair.certificate)
    write_private(place / f"{WATCHER}.key", pair.key)
    say(f"{office._('written')}: {place}")


def _loopback(host: str) -> str:
    try:
        return host if ipaddress.ip_address(host).is_loopback else ""
    except ValueError:
        return "127.0.0.1" if host == "localhost" else ""
