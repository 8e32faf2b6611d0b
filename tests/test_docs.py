"""The pages for administrators: what can go stale in them is held against the code."""

import re
import tomllib
from pathlib import Path

import pytest

from deploy.emit import SERVICES
from deploy.site import Site

PROJECT = Path(__file__).parent.parent
PAGES = sorted((PROJECT / "docs").glob("*.md"))
INSTALL = (PROJECT / "docs/install.md").read_text()


@pytest.mark.parametrize("page", [PROJECT / "README.md", *PAGES], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"(?<!!)\[[^]]*\]\(([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_site_file_of_the_installation_is_one():
    values = tomllib.loads(re.search(r"site\.toml <<'END'\n(.*?)^END$", INSTALL, re.S | re.M)[1])
    files = values.pop("secrets")
    site = Site.from_table(values)

    assert site.postfix.postmaster == "dave@info.test"
    assert set(files) == {
        f"{one}_file" for one in ("admin_password", "service_password", "webmail_key")
    }


def test_the_services_are_emitted_by_their_names():
    named = re.findall(r"manage\.py emit ([a-z ]+) --site", INSTALL)

    assert {name for names in named for name in names.split()} == set(SERVICES)


def test_the_paths_of_emitted_files_are_right():
    """Every file of ours that the page runs or starts is one that is emitted."""
    emitted = {str(path.relative_to(top)) for top in tops() for path in top.rglob("*")}
    scripts = re.findall(r"sh /(usr/local/sbin/\S+)", INSTALL)
    ours = re.findall(r"systemctl .*\b((?:vmail-admin|courier-maildirs)\.\w+)", INSTALL)

    assert scripts
    assert set(scripts) <= emitted
    assert ours
    assert {f"etc/systemd/system/{unit}" for unit in ours} <= emitted


def tops():
    return (PROJECT / "deploy/files" / service for service in SERVICES)
