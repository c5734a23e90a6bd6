"""Tracked files say nothing about the machine they were written on, and keep no secret."""

import re

from tests.house.tree import ROOT, project_files

# Folders of one machine; the text before the slash keeps words like "network/" out of it.
MACHINE_PATH = re.compile(r"(?<![\w.<])/(?:work|root|home/\w+|opt/(?:pypi|wheels)|tmp/\w+)/[\w.]+")
REGISTRY_HOST = re.compile(
    r"\b(?:pypi|pythonhosted|artifactory|artifactregistry|snapshot\.debian)\.\w+"
)
SECRET = re.compile(r"-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----")
SECRET_FILES = {".key", ".pem", ".crt", ".p12", ".db", ".sqlite"}


def texts() -> dict[str, str]:
    found = {}
    for path in project_files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            found[str(path)] = content.decode()  # every text of ours is UTF-8
    return found


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}: {found.group()}"
        for path, text in texts().items()
        for found in pattern.finditer(text)
    ]


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRY_HOST) == []


def test_no_private_key_is_tracked() -> None:
    assert lines_with(SECRET) == []
    assert [path for path in project_files() if path.suffix in SECRET_FILES] == []


def test_the_patterns_see_what_they_look_for() -> None:
    root, registry = "/" + "root", "pypi" + ".org"
    assert MACHINE_PATH.search(f"cd {root}/steelyard")
    assert REGISTRY_HOST.search(f"https://{registry}/simple")
    assert not MACHINE_PATH.search("docs/work/notes.md")


def test_no_comment_points_at_a_page_that_is_not_here() -> None:
    pages = {path.name for path in project_files() if path.suffix == ".md"}
    named = re.compile(r"`(?:[\w./-]+/)?(?P<page>[\w-]+\.md)`")
    lost = [
        f"{path}: {found['page']}"
        for path, text in texts().items()
        for found in named.finditer(text)
        if found["page"] not in pages
    ]
    assert lost == []
