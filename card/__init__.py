"""The conversation with a card: bytes and integers; it knows no shop and no Money."""
