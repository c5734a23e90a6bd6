"""A reading as plain fields, as `scale-app scale decode` prints it: one JSON object a line."""

from decimal import Decimal

from scale_app.weighing.reading import Mode, Reading


def fields(reading: Reading) -> dict[str, str | bool | None]:
    """The public form: figures as strings with the digits sent, names in snake case, else null."""
    return {
        "weight": _digits(reading.weight),
        "unit": reading.unit,
        "stable": reading.stable,
        "mode": None if reading.mode is Mode.UNKNOWN else reading.mode.value,
        "tare": _digits(reading.tare),
        "zero": reading.zero,
        "fault": reading.fault.value if reading.fault else None,
        "unit_price": _digits(reading.unit_price),
        "amount": _digits(reading.amount),
        "note": reading.note or None,
    }


def _digits(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"
