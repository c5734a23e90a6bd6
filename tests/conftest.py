"""What all tests share: where the property tests keep what they learned."""

from pathlib import Path

from hypothesis.configuration import set_hypothesis_home_dir

# With every other cache, in the folder that git ignores.
set_hypothesis_home_dir(Path(__file__).parents[1] / ".steelyard" / "caches" / "hypothesis")
