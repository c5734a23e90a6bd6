"""From the bytes of a scale to goods that may be sold: decode, settle, tare, gate, port.

Everything here but `port` is pure: bytes, readings and times go in, readings and snapshots come
out. `port` is the only place of the scale program that opens a serial line.
"""
