"""The decoders, fed from captures, noise and fuzz."""
