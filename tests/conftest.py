"""What all tests share: where property tests keep what they learned; no clock fails them."""

from pathlib import Path

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

# With every other cache, in the folder that git ignores.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".steelyard" / "caches" / "hypothesis")

# Speed is measured in the benchmarks: on a busy machine a deadline fails a test that is right.
settings.register_profile("steelyard", deadline=None)
settings.load_profile("steelyard")
