"""The configuration of Mosquitto 2.0.11: TLS, a certificate for everybody, a topic for its owner.

Each line has its reason, found by measuring: without `set_tcp_nodelay` a round trip takes 86 ms,
with a queue limit the newest sales are dropped and still acknowledged, without
`use_username_as_clientid` one till can throw another one off.
"""

import getpass
from pathlib import Path

from backoffice.pki import OFFICE_NAME, Authority
from backoffice.secrets_file import private_folder, write_private

WATCHER = "watcher"
"""Common name of the certificate with which a program reads alerts and nothing else."""

ACCESS = f"""# Who may write and read what. A client's user name is its certificate's common name.
user {OFFICE_NAME}
topic read u/#
topic write d/#
topic write e/#

user {WATCHER}
topic read e/#

pattern write u/%u/#
pattern read d/%u/#
"""

SETTINGS = """# Written by `backoffice broker config`; made for Mosquitto 2.0.11 or later.
user {user}
per_listener_settings false
allow_anonymous false
acl_file {folder}/acl
set_tcp_nodelay true
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 500
max_packet_size 131072
persistence true
persistence_location {folder}/data/
autosave_interval 5
log_dest file {folder}/mosquitto.log
log_type error
log_type warning
log_type notice
log_timestamp_format %Y-%m-%dT%H:%M:%S
connection_messages true

listener {port}{bind}
cafile {folder}/ca.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
tls_version tlsv1.2
require_certificate true
use_identity_as_username true
use_username_as_clientid true
"""


def write_broker_config(
    authority: Authority, folder: Path, *, port: int, bind: str, hosts: tuple[str, ...]
) -> Path:
    """Writes everything a broker needs into `folder` and returns the path of its configuration.

    Args:
        authority: signs the broker's certificate.
        folder: made when missing; absolute paths of it stand in the configuration.
        port: TCP port for MQTT over TLS.
        bind: address to listen on; empty = all.
        hosts: names and addresses by which clients reach the broker, besides loopback.
    """
    place = private_folder(folder.resolve())
    (place / "data").mkdir(exist_ok=True)
    pair = authority.server(hosts)
    write_private(place / "ca.pem", authority.ca)
    write_private(place / "broker.pem", pair.certificate)
    write_private(place / "broker.key", pair.key)
    # Mosquitto 2.0.20 and later refuse an ACL file that others may read.
    write_private(place / "acl", ACCESS.encode())
    settings = SETTINGS.format(
        user=getpass.getuser(), folder=place, port=port, bind=f" {bind}" if bind else ""
    )
    configuration = place / "mosquitto.conf"
    write_private(configuration, settings.encode())
    return configuration
