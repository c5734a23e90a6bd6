"""Tests of `scale_app.journal`."""
