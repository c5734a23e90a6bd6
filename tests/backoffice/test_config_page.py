"""The settings that the README shows are settings that the office takes."""

import re
from pathlib import Path

from backoffice.config import read_config
from tests.house.tree import ROOT


def test_the_settings_on_the_page_are_taken(tmp_path: Path) -> None:
    [shown] = re.findall(
        r"```toml\n(\[broker\].*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    file = tmp_path / "office.toml"
    file.write_text(shown)
    taken = read_config(file)
    assert (taken.metrics_port, taken.tells_sales) == (9464, True)
    assert taken.collect_at == (13 * 60, 21 * 60 + 30)
    assert taken.mail is not None
    assert taken.mail.password_file == tmp_path / "mail.password"
    assert taken.backups == Path("/var/backups/steelyard")
