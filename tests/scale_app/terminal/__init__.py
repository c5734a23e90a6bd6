"""Tests of `scale_app.terminal`."""
