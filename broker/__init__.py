"""The agreement between a scale and the back-office: words, arithmetic, bytes on the wire."""
