from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backoffice.world import Scale, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.desk.store.close()


@pytest.fixture
def scale(world: World) -> Scale:
    return Scale(world)
