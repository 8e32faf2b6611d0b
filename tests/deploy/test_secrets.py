"""Passwords come from files or the environment, reach few files, and are shown nowhere."""

import re
import stat

import pytest

from deploy.emit import emit, rendered
from deploy.hashes import ldap_hash
from deploy.site import Secrets, Site, SiteError

HUSH = "hush-hush-42"
A_HASH = re.compile(r"\{CRYPT\}\$6\$rounds=50000\$[./A-Za-z0-9]{16}\$[./A-Za-z0-9]{86}")


@pytest.fixture
def site_file(tmp_path):
    """Writes a password file and a site.toml that names it."""

    def write(content):
        secret = tmp_path / "admin.secret"
        secret.write_bytes(content)
        file = tmp_path / "site.toml"
        file.write_text(f'[secrets]\nadmin_password_file = "{secret}"\n')
        return file

    return write


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_password_is_read_from_a_file(site_file, end):
    site = Site.from_file(site_file(f"{HUSH}{end}".encode()))

    assert site.secrets.admin_password.reveal() == HUSH


def test_a_password_is_taken_from_the_environment(site_file, tmp_path, monkeypatch):
    monkeypatch.setenv("VMAIL_SERVICE_PASSWORD", HUSH)
    monkeypatch.setenv("VMAIL_ADMIN_PASSWORD", "not this one")

    site = Site.from_file(site_file(b"from the file\n"))

    assert site.secrets.service_password.reveal() == HUSH
    assert site.secrets.admin_password.reveal() == "from the file"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        f"{HUSH}\nuserPassword: x\n".encode(),
        f"{HUSH}\0".encode(),
        f" {HUSH}".encode(),
        f"{HUSH}\rx".encode(),
        f"{HUSH}é".encode(),
        HUSH.encode() * 20,
        b"\xff\xfe" + HUSH.encode(),
    ],
)
def test_a_password_that_could_not_stand_in_a_file_is_refused_and_not_shown(site_file, content):
    with pytest.raises(SiteError, match=r"^secrets\.admin_password") as error:
        Site.from_file(site_file(content))
    assert HUSH not in str(error.value)


def test_a_password_is_not_shown_by_the_facts():
    site = Site(secrets=Secrets(admin_password=HUSH))

    assert HUSH not in f"{site} {site!r} {site.secrets.admin_password}"


@pytest.mark.parametrize("access", ["strict", "howto"])
def test_only_hashes_are_emitted_and_only_for_few_eyes(tmp_path, access):
    passwords = {f"{name}_password": f"{HUSH}-{name}" for name in ("admin", "service", "manager")}
    site = Site(access=access, secrets=Secrets(**passwords))

    with_secrets = set()
    for path in emit(["slapd"], site, tmp_path):
        assert HUSH not in path.read_text()
        mode = stat.S_IMODE(path.stat().st_mode)
        if A_HASH.search(path.read_text()):
            with_secrets.add(path.name)
            assert mode == 0o640
        else:
            assert mode == 0o644

    assert with_secrets == ({"base.ldif"} if access == "strict" else {"slapd.conf", "slapd.ldif"})


def test_masked_files_hold_no_hash_either():
    site = Site(access="howto", secrets=Secrets(manager_password=HUSH))

    texts = [file.text for file in rendered("slapd", site, masked=True)]

    assert not any(A_HASH.search(text) for text in texts)
    assert any('rootpw "********"' in text for text in texts)


def test_the_same_password_is_hashed_differently_for_each_entry():
    site = Site(secrets=Secrets(admin_password=HUSH, service_password=HUSH))
    [base] = [file.text for file in rendered("slapd", site) if file.path.endswith("base.ldif")]

    hashes = A_HASH.findall(base)

    assert len(hashes) == len(set(hashes)) == 2


def test_a_hash_has_the_form_the_access_rules_accept():
    assert A_HASH.fullmatch(ldap_hash(HUSH))
    assert ldap_hash(HUSH) != ldap_hash(HUSH)
