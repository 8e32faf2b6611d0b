"""The pages about the servers: for site administrators, with no password on them."""

import html
import io
import re
import tarfile

import pytest

from deploy.emit import SERVICES, rendered
from deploy.highlight import highlighted
from deploy.site import Site

HUSH = "hush-hush-4711"
# What some service cannot be without.
WHOLE = '[postfix]\npostmaster = "postmaster@acme.test"\n'


@pytest.fixture
def site_file(tmp_path, settings):
    """Writes the site's facts where the panel looks for them."""

    def write(text):
        file = tmp_path / "site.toml"
        file.write_text(text)
        settings.SITE_FILE = str(file)
        return file

    return write


def test_the_bar_leads_a_site_admin_to_all_servers(rita):
    assert 'href="/deploy/"' in rita.get("/domains/").content.decode()

    page = rita.get("/deploy/").content.decode()
    for service in SERVICES:
        assert f'href="/deploy/{service}/"' in page


@pytest.mark.parametrize("path", ["", "slapd/", "archive/", "slapd/archive/"])
def test_nobody_else_finds_them(pia, alice, stranger, path):
    assert pia.get(f"/deploy/{path}").status_code == 404
    assert alice.get(f"/deploy/{path}").status_code == 404
    assert stranger.get(f"/deploy/{path}").status_code == 302
    assert "/deploy/" not in pia.get("/", follow=True).content.decode()


def test_who_was_site_admin_a_moment_ago_finds_them_no_more(rita, world):
    assert rita.get("/deploy/slapd/").status_code == 200

    group = "cn=siteadmins,ou=admins,dc=myhosting,dc=example"
    world.change(group, member=["cn=nobody,dc=myhosting,dc=example"])

    assert rita.get("/deploy/slapd/").status_code == 404


def test_a_service_that_is_none_is_not_found(rita):
    assert rita.get("/deploy/exim/").status_code == 404
    assert rita.get("/deploy/exim/archive/").status_code == 404


def text_of(page):
    """What a person reads in the files of a page."""
    files = re.findall(r'<code id="file-\d+-text">(.*?)</code>', page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", file)) for file in files]


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_shows_exactly_what_would_be_emitted(rita, service, site_file):
    site = Site.to_show(site_file(WHOLE))

    page = rita.get(f"/deploy/{service}/").content.decode()

    assert text_of(page) == [file.text for file in rendered(service, site, masked=True)]
    assert "style=" not in page


def test_the_files_follow_the_facts(rita, site_file):
    site_file('suffix = "o=acme"')

    assert 'suffix "o=acme"' in text_of(rita.get("/deploy/slapd/").content.decode())[3]


def test_no_password_is_on_a_page_nor_in_an_archive(rita, site_file, tmp_path):
    (tmp_path / "manager").write_text(HUSH)
    secrets = f'[secrets]\nmanager_password_file = "{tmp_path}/manager"\n'
    site_file(f'access = "howto"\n{WHOLE}{secrets}')

    page = rita.get("/deploy/slapd/").content.decode()
    packed = unpacked(rita.get("/deploy/archive/"))

    assert 'rootpw "********"' in "".join(text_of(page))
    assert "Holds a password" in page
    assert 'rootpw "********"' in packed["mail.myhosting.example/etc/ldap/slapd.conf"]
    for text in [page, *packed.values()]:
        assert HUSH not in text
        assert "{CRYPT}$6$" not in text


def test_a_password_file_that_only_root_reads_is_not_opened(rita, site_file):
    site_file('[secrets]\nmanager_password_file = "/nonesuch/secret"\n')

    assert rita.get("/deploy/slapd/").status_code == 200


def unpacked(answer):
    with tarfile.open(fileobj=io.BytesIO(answer.content), mode="r:gz") as tar:
        return {one.name: tar.extractfile(one).read().decode() for one in tar.getmembers()}


def test_all_files_come_as_one_archive(rita, site_file):
    site_file('host = "mx.acme.test"')

    answer = rita.get("/deploy/slapd/archive/")

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="mx.acme.test-slapd.tar.gz"'
    )
    site = Site.from_table({"host": "mx.acme.test"})
    wanted = {f"mx.acme.test/{file.path}": file.text for file in rendered("slapd", site)}
    found = unpacked(answer)
    assert "Passwords are masked" in found.pop("mx.acme.test/README")
    assert found.keys() == wanted.keys()
    assert found["mx.acme.test/etc/ldap/slapd.conf"] == wanted["mx.acme.test/etc/ldap/slapd.conf"]


def test_an_archive_holds_only_what_this_site_uses(rita, site_file):
    site_file(f'imap = "dovecot"\n{WHOLE}')

    names = unpacked(rita.get("/deploy/archive/"))

    assert any("/etc/dovecot/" in name for name in names)
    assert not any("/etc/courier/" in name for name in names)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('sufix = "o=acme"', "sufix: there is no such key"),
        ("host = ", "is not TOML"),
        ('host = "<script>"', "host: must be a full host name"),
    ],
)
def test_a_wrong_fact_is_named_in_place_of_the_files(rita, site_file, text, words):
    site_file(text)

    for path in ("/deploy/", "/deploy/slapd/"):
        page = rita.get(path).content.decode()
        assert words in page
        assert "<code id=" not in page
    assert rita.get("/deploy/archive/").status_code == 404


def test_what_a_service_cannot_be_without_is_named_on_its_page_alone(rita, site_file):
    site_file("")

    assert "postfix.postmaster: " in rita.get("/deploy/postfix/").content.decode()
    assert "postfix.postmaster: " in rita.get("/deploy/archive/", follow=True).content.decode()
    assert "postfix.postmaster: " not in rita.get("/deploy/slapd/").content.decode()


def test_a_missing_file_is_named(rita, settings):
    settings.SITE_FILE = "/nonesuch/site.toml"

    assert "cannot be read: No such file" in rita.get("/deploy/").content.decode()


def test_what_stays_open_is_said(rita, site_file):
    site_file("legacy = true")

    assert "anybody list every address" in rita.get("/deploy/slapd/").content.decode()
    site_file("")
    assert "anybody list every address" not in rita.get("/deploy/slapd/").content.decode()


def test_a_file_is_escaped_before_it_is_coloured():
    text = '# <b>\nkey = "<script>alert(1)</script>" & more\n\n\n'

    for path in ("main.cf", "a.sh", "a.php", "a.ldif", "a.service", "conf.d/vmail-admin.conf"):
        shown = highlighted(path, text)
        assert "<script" not in shown
        assert html.unescape(re.sub(r"</?span[^>]*>", "", shown)) == text
