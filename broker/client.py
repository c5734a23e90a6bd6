"""Door: the only importer of paho. A link to an MQTT 5 broker, for the scale and for the office.

The scale calls `start`: paho's thread then touches nothing but the two callbacks, which put things
on a queue. The office calls `pump` from its own loop and acknowledges a message only after its
commit. MQTT is a wire and never a store: nothing here waits for a PUBACK or trusts one.

Measured traps handled here: without TCP_NODELAY on both ends a QoS 1 round trip costs 86 ms instead
of 0.5; an exception inside a paho callback ends its thread while `is_connected()` stays true;
`clean_start` by default wipes a kept session at each process start.
"""

import contextlib
import logging
import random
import select
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

log = logging.getLogger("steelyard.link")

CONNECT_TIMEOUT_S = 5.0
RETRY_FIRST_S = 0.5
RETRY_MOST_S = 30.0
USER_TIMEOUT_MS = 20_000
"""A half-open link (mobile network stall) is given up after this much unacknowledged silence."""


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where and as whom to connect; files are PEM."""

    host: str
    port: int
    name: str
    """Client id = certificate's common name = user name."""
    ca_file: Path
    cert_file: Path
    key_file: Path
    subscribe: tuple[tuple[str, int], ...]
    """(filter, QoS), asked for again on every connect."""
    keepalive_s: int = 300
    keep_session_s: int = 0
    """0 = a clean session each time; the office keeps one so that a restart loses less."""
    will: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as it came; `generation` counts connects, so that a stale one is not acked."""

    topic: str
    payload: bytes
    qos: int
    mid: int
    generation: int
    reply_to: str = ""
    correlation: bytes = b""


def _tls(settings: LinkSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(settings.ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(str(settings.cert_file), str(settings.key_file))
    return context


def _no_delay(_client: mqtt.Client, _user: object, sock: Any) -> None:  # noqa: ANN401  paho's type
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.suppress(OSError, AttributeError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)


class Link:
    """One connection that comes back by itself. Callbacks run on paho's thread (or in `pump`)."""

    def __init__(
        self,
        settings: LinkSettings,
        on_message: Callable[[Arrived], None],
        on_state: Callable[[bool, str], None],
    ) -> None:
        self._settings = settings
        self._on_message = on_message
        self._on_state = on_state
        self._generation = 0
        self._connected = False
        self._stopping = False
        self._retry_at = 0.0
        self._retry_s = RETRY_FIRST_S
        self._client = self._made()

    def _made(self) -> mqtt.Client:
        settings = self._settings
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=settings.name,
            protocol=mqtt.MQTTv5,
            manual_ack=True,
        )
        client.tls_set_context(_tls(settings))
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(50)
        client.reconnect_delay_set(1, int(RETRY_MOST_S))
        if settings.will:
            client.will_set(settings.will[0], settings.will[1], qos=1, retain=True)
        client.on_socket_open = _no_delay
        client.on_connect = self._connect_came
        client.on_connect_fail = self._connect_failed
        client.on_disconnect = self._disconnect_came
        client.on_message = self._message_came
        return client

    @property
    def connected(self) -> bool:
        """True from CONNACK until the link is known to be lost."""
        return self._connected

    @property
    def generation(self) -> int:
        """Number of connects so far."""
        return self._generation

    def start(self) -> None:
        """Connects and keeps connecting on paho's own thread; returns at once."""
        self._client.connect_async(**self._connect_words())
        self._client.loop_start()

    def stop(self) -> None:
        """Disconnects and ends the thread, if there is one."""
        self._stopping = True
        with contextlib.suppress(Exception):
            self._client.disconnect()
        self._client.loop_stop()
        self._connected = False

    def publish(
        self,
        topic: str,
        payload: bytes,
        qos: int,
        *,
        retain: bool = False,
        correlation: bytes = b"",
    ) -> bool:
        """Hands a message to the link; False when it is down, and then nothing is queued.

        `correlation` is MQTT 5 correlation data, echoed to who asked with it.
        """
        if not self._connected:
            return False
        properties = None
        if correlation:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.CorrelationData = correlation
        sent = self._client.publish(topic, payload, qos, retain, properties)
        return sent.rc == mqtt.MQTT_ERR_SUCCESS

    def acknowledge(self, arrived: Arrived) -> None:
        """PUBACK for a message of this connection; one of an earlier connection is left alone."""
        if arrived.qos > 0 and arrived.generation == self._generation and self._connected:
            self._client.ack(arrived.mid, arrived.qos)

    def pump(self, timeout_s: float, also: tuple[socket.socket, ...] = ()) -> list[socket.socket]:
        """One turn of the caller's own loop: connect when due, read, write, keep alive.

        Args:
            timeout_s: longest time to wait for something to happen.
            also: further sockets to wait for.

        Returns:
            Those of `also` that can be read.
        """
        sock = self._client.socket()
        if sock is None:
            self._reconnect_when_due()
            sock = self._client.socket()
        readers = [*([sock] if sock else []), *also]
        pending = sock is not None and isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
        writers = [sock] if sock and self._client.want_write() else []
        ready, writable, _ = select.select(readers, writers, [], 0 if pending else timeout_s)
        if sock and (sock in ready or pending):
            self._read_all(sock)
        if self._client.socket() is not None and (writable or self._client.want_write()):
            self._client.loop_write()
        self._client.loop_misc()
        return [one for one in also if one in ready]

    def _read_all(self, sock: Any) -> None:  # noqa: ANN401  socket or TLS socket
        for _ in range(500):
            self._client.loop_read()
            if self._client.socket() is not sock:
                return
            if not (isinstance(sock, ssl.SSLSocket) and sock.pending()):
                return

    def _reconnect_when_due(self) -> None:
        now = time.monotonic()
        if self._stopping or now < self._retry_at:
            return
        try:
            self._client.connect(**self._connect_words())
        except (OSError, ValueError) as error:
            self._say(connected=False, why=str(error))
        self._retry_at = now + self._retry_s * random.uniform(0.8, 1.2)  # noqa: S311  jitter only
        self._retry_s = min(self._retry_s * 2, RETRY_MOST_S)

    def _connect_words(self) -> dict[str, Any]:
        settings = self._settings
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = settings.keep_session_s
        return {
            "host": settings.host,
            "port": settings.port,
            "keepalive": settings.keepalive_s,
            "clean_start": settings.keep_session_s == 0,
            "properties": properties,
        }

    def _say(self, *, connected: bool, why: str) -> None:
        self._connected = connected
        try:
            self._on_state(connected, why)
        except Exception:
            log.exception("a link callback failed")

    def _connect_came(
        self, client: mqtt.Client, _user: object, _flags: object, code: ReasonCode, _p: object
    ) -> None:
        if code.is_failure:
            self._say(connected=False, why=str(code))
            return
        self._generation += 1
        self._retry_s = RETRY_FIRST_S
        for topic_filter, qos in self._settings.subscribe:
            client.subscribe(topic_filter, qos)
        self._say(connected=True, why="connected")

    def _connect_failed(self, _client: mqtt.Client, _user: object) -> None:
        self._say(connected=False, why="the broker cannot be reached")

    def _disconnect_came(
        self, _client: mqtt.Client, _user: object, _flags: object, code: ReasonCode, _p: object
    ) -> None:
        self._say(connected=False, why=str(code))

    def _message_came(self, client: mqtt.Client, _user: object, message: mqtt.MQTTMessage) -> None:
        properties = message.properties
        arrived = Arrived(
            topic=message.topic,
            payload=bytes(message.payload),
            qos=message.qos,
            mid=message.mid,
            generation=self._generation,
            reply_to=getattr(properties, "ResponseTopic", "") or "",
            correlation=getattr(properties, "CorrelationData", b"") or b"",
        )
        try:
            self._on_message(arrived)
        except Exception:
            log.exception("a message callback failed on %s", message.topic)
            if arrived.qos:
                client.ack(arrived.mid, arrived.qos)
