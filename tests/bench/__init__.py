"""Benchmarks: figures beside a yardstick of the same run, never a gate in a timed test."""
