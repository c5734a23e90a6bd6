"""Tests of `scale_app.checkout`."""
