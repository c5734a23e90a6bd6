"""The office as services of systemd: texts of units. Pure.

`backoffice serve` and `backoffice web` say when they are ready and that they live (Type=notify,
WatchdogSec); a loop that hangs is restarted. They run without root, see their own state folder and
can write nothing else. The broker comes with its own unit from its package.
"""

from dataclasses import dataclass

WATCHDOG_S = 30
_HARDENED = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
UMask=0077"""
_COMMON = """\
User={user}
Group={user}
StateDirectory={name}
StateDirectoryMode=0700
ReadWritePaths={backups}
Environment=STEELYARD_OFFICE_STATE=%S/{name} STEELYARD_OFFICE_CONFIG={config}"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the office is installed; all are absolute paths or names."""

    program: str
    """The installed `backoffice`."""
    config: str
    backups: str
    user: str = "steelyard"
    name: str = "steelyard"
    web: str = "--port 8080"
    """What `backoffice web` is told."""


def unit_texts(place: Place) -> dict[str, str]:
    """Every unit's text by its file name."""
    return {
        f"{place.name}-office.service": _service(
            place, "the office: answers the tills", "serve", needs="network-online.target"
        ),
        f"{place.name}-web.service": _service(
            place, "pages for browsers", f"web {place.web}", needs=f"{place.name}-office.service"
        ),
        f"{place.name}-deliver.service": _service(
            place, "events and reports that go out", "deliver",
            needs=f"{place.name}-office.service",
        ),
        f"{place.name}-backup.service": _backup(place),
        f"{place.name}-backup.timer": _TIMER,
    }  # fmt: skip


def _common(place: Place) -> str:
    said = {"user": place.user, "name": place.name, "config": place.config}
    return _COMMON.format(backups=place.backups, **said)


def _service(place: Place, what: str, words: str, *, needs: str) -> str:
    return f"""\
[Unit]
Description=Steelyard, {what}
Documentation=man:systemd.service(5)
Wants={needs}
After={needs}
StartLimitIntervalSec=300
StartLimitBurst=20

[Service]
Type=notify
NotifyAccess=main
ExecStart={place.program} {words}
WatchdogSec={WATCHDOG_S}
TimeoutStartSec=300
TimeoutStopSec=60
Restart=always
RestartSec=2
{_common(place)}
{_HARDENED}

[Install]
WantedBy=multi-user.target
"""


def _backup(place: Place) -> str:
    return f"""\
[Unit]
Description=Steelyard, a verified copy of the books

[Service]
Type=oneshot
ExecStart={place.program} backup make {place.backups}
Nice=10
IOSchedulingClass=idle
{_common(place)}
{_HARDENED}
"""


_TIMER = """\
[Unit]
Description=Steelyard, a copy of the books every four hours

[Timer]
OnCalendar=*-*-* 00/4:17:00
RandomizedDelaySec=300
Persistent=true

[Install]
WantedBy=timers.target
"""
