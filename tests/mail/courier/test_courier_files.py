"""Courier's files: whole, read by its own start scripts, and right in every form of a site."""

import re
import subprocess
from dataclasses import replace

import pytest

from deploy import check_courier
from deploy.checks import check
from deploy.emit import emit, rendered
from deploy.facts.courier import Courier
from deploy.facts.directory import Directory
from deploy.facts.listen import Listen
from deploy.programs import ProgramError, run
from deploy.site import Site
from tests.mail.courier.reading import software
from tests.world import SERVICE_PASSWORD, SITE

SITES = {
    "strict": SITE,
    "howto": replace(SITE, access="howto"),
    "no secret": Site(),
    "Debian 13": replace(SITE, courier=Courier(version="5.2")),
    "several": replace(
        SITE,
        directory=Directory(uris=("ldaps://a.test", "ldaps://b.test"), ca="/etc/ssl/ca.pem"),
        listen=Listen(addresses=("192.0.2.25", "2001:db8::25")),
    ),
}
EACH_SITE = pytest.mark.parametrize("site", SITES.values(), ids=SITES)


def text_of(name, site):
    [text] = [file.text for file in rendered("courier", site) if file.path.endswith(name)]
    return text


@EACH_SITE
def test_the_files_read_well(site):
    for file in rendered("courier", site):
        assert file.text.endswith("\n"), file.path
        assert not re.search(r"\n\n\n|[ \t]\n|^\n|\n\n$|\{\{ |\{%", file.text), file.path


@EACH_SITE
def test_the_shell_reads_them_and_finds_every_setting(site):
    assert check("courier", site) == ["the shell reads the files, and no setting is missing"]


def test_a_setting_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(check_courier.READ, ("imapd", "imapd-ssl"), "ADDRESS NONESUCH")

    with pytest.raises(ProgramError, match="NONESUCH"):
        check("courier", SITE)


@pytest.mark.parametrize("protocol", ["imapd", "pop3d"])
def test_debians_start_scripts_find_all_they_use(tmp_path, protocol):
    emit(["courier"], SITE, tmp_path)
    used = set()
    for name in (protocol, f"{protocol}-ssl"):
        script = (software() / "usr/lib/courier" / name).read_text()
        used |= set(re.findall(r"\$\{?([A-Z][A-Z0-9_]+)", script))
    # Both may be unset: another name than the machine's, and what the shell itself has.
    used -= {"PROXY_HOSTNAME", "PATH", "SHELL"}
    wanted = " ".join(f'"${{{name}?}}"' for name in sorted(used))

    assert len(used) > 10
    run("sh", "-euc", f'. "$0/{protocol}"; . "$0/{protocol}-ssl"; : {wanted}', str(etc(tmp_path)))


def etc(folder):
    return folder / "etc/courier"


@EACH_SITE
def test_the_password_is_in_one_file_for_root_and_courier(site):
    holders = {
        file.path: file.mode for file in rendered("courier", site) if SERVICE_PASSWORD in file.text
    }
    expected = site.access == "strict" and site.secrets.service_password

    assert holders == ({"etc/courier/authldaprc": 0o640} if expected else {})
    assert SERVICE_PASSWORD not in "".join(file.text for file in rendered("courier", site, True))


def test_each_release_gets_the_options_it_knows():
    assert 'TCPDOPTS="-nodnslookup -noidentlookup"' in text_of("imapd", SITES["strict"])
    assert 'TCPDOPTS="-nodnslookup"' in text_of("imapd", SITES["Debian 13"])


def test_several_addresses_stand_with_their_ports():
    assert 'PORT="192.0.2.25.143,2001:db8::25.143"' in text_of("imapd", SITES["several"])
    assert 'SSLPORT="192.0.2.25.995,2001:db8::25.995"' in text_of("pop3d-ssl", SITES["several"])


def test_nothing_is_thrown_away_and_no_password_logged():
    assert not re.search(r"(?m)^IMAP_EMPTYTRASH|^OUTBOX", text_of("imapd", SITE))
    assert "DEBUG_LOGIN=0\n" in text_of("authdaemonrc", SITE)


def test_systemd_misses_nothing_but_the_script_itself(tmp_path):
    emit(["courier"], SITE, tmp_path)
    units = [str(path) for path in (tmp_path / "etc/systemd/system").iterdir()]

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True
    )
    assert done.stderr.splitlines() == [
        "courier-maildirs.service: Command /usr/local/sbin/courier-maildirs.sh is not executable: "
        "No such file or directory"
    ]
