"""manage.py emit"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from deploy.programs import run

MANAGE = str(Path(__file__).parents[2] / "manage.py")


@pytest.fixture
def site_file(tmp_path):
    def write(text):
        file = tmp_path / "site.toml"
        file.write_text(text)
        return str(file)

    return write


def test_writes_the_files_and_says_what_slaptest_said(site_file, tmp_path, capsys):
    call_command("emit", "slapd", site=site_file('suffix = "o=acme"'), to=str(tmp_path / "out"))

    said = capsys.readouterr().out.splitlines()
    assert str(tmp_path / "out/etc/ldap/slapd.conf") in said
    assert said[-1] == "slapd: config file testing succeeded; config file testing succeeded"
    assert 'suffix "o=acme"' in (tmp_path / "out/etc/ldap/slapd.conf").read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('sufix = "o=acme"', "sufix: there is no such key"),
        ('host = "mail\\nroot"', "host: holds a line end"),
        ('[slapd]\nmodule_dir = "/nowhere"', "slaptest failed"),
    ],
)
def test_writes_nothing_when_something_is_wrong(site_file, tmp_path, text, words):
    with pytest.raises(CommandError, match=words):
        call_command("emit", "slapd", site=site_file(text), to=str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_names_the_services_there_are(site_file, tmp_path):
    with pytest.raises(CommandError, match=r"No service 'slapt'; there are: .*slapd"):
        call_command("emit", "slapt", site=site_file(""), to=str(tmp_path / "out"))


def test_says_when_it_may_not_write_there(site_file, tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(CommandError, match=r"out.*: Not a directory"):
        call_command("emit", "slapd", site=site_file(""), to=str(tmp_path / "out"))


def pem_pair(folder, name):
    """A certificate and its key, as the command line of OpenSSL makes them."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-out", str(certificate), "-keyout", str(key)]
    run("openssl", "req", "-x509", *kind, "-subj", f"/CN={name}", *files)
    return str(certificate), str(key)


@pytest.mark.parametrize(
    ("table", "certificate", "key"),
    [
        ("slapd", "tls_certificate", "tls_key"),
        ("tls", "certificate", "key"),
        ("panel", "tls_certificate", "tls_key"),
    ],
)
def test_a_certificate_that_does_not_match_its_key_stops_everything(
    site_file, tmp_path, table, certificate, key
):
    right, its_key = pem_pair(tmp_path, "right")
    _, other_key = pem_pair(tmp_path, "other")
    options = {"to": str(tmp_path / "out"), "no_check": True}

    wrong = f'[{table}]\n{certificate} = "{right}"\n{key} = "{other_key}"'
    with pytest.raises(CommandError) as error:
        call_command("emit", "slapd", site=site_file(wrong), **options)

    assert str(error.value) == (
        f"{table}.{key}: is not the key of the certificate in {table}.{certificate}"
    )
    assert not (tmp_path / "out").exists()
    matching = f'[{table}]\n{certificate} = "{right}"\n{key} = "{its_key}"'
    call_command("emit", "slapd", site=site_file(matching), **options)
    assert (tmp_path / "out").exists()


def test_what_is_no_certificate_or_no_key_is_named(site_file, tmp_path):
    certificate, key = pem_pair(tmp_path, "right")
    options = {"to": str(tmp_path / "out"), "no_check": True}

    for one, other, words in [
        (key, key, "tls.certificate: is no certificate in PEM"),
        (certificate, certificate, "tls.key: is no private key in PEM without a password"),
    ]:
        facts = site_file(f'[tls]\ncertificate = "{one}"\nkey = "{other}"')
        with pytest.raises(CommandError, match=f"^{words}$"):
            call_command("emit", "slapd", site=facts, **options)
    assert not (tmp_path / "out").exists()


def test_certificates_of_another_machine_are_not_judged(site_file, tmp_path):
    facts = site_file('[tls]\ncertificate = "/nonesuch/a.pem"\nkey = "/nonesuch/a.key"')

    call_command("emit", "slapd", site=facts, to=str(tmp_path / "out"), no_check=True)

    assert (tmp_path / "out").exists()


def test_without_a_name_every_service_of_the_site_is_emitted(site_file, tmp_path):
    (tmp_path / "service").write_text("for the look-ups")
    facts = site_file(
        f'imap = "dovecot"\n[secrets]\nservice_password_file = "{tmp_path}/service"\n'
        '[postfix]\npostmaster = "postmaster@acme.test"\n'
    )

    call_command("emit", site=facts, to=str(tmp_path / "out"), no_check=True)

    etc = tmp_path / "out/etc"
    assert (etc / "ldap/slapd.conf").exists()
    assert (etc / "postfix/main.cf").exists()
    assert (etc / "dovecot/dovecot.conf").exists()
    assert not (etc / "courier").exists()


def test_one_task_at_a_time(site_file, tmp_path):
    with pytest.raises(CommandError, match=r"not allowed with argument|required"):
        call_command("emit", "slapd", f"--site={site_file('')}", "--to=out", "--install")
    with pytest.raises(CommandError, match="required"):
        call_command("emit", "slapd", f"--site={site_file('')}")


def test_no_panel_needs_to_be_configured(site_file, tmp_path):
    bare = {name: value for name, value in os.environ.items() if not name.startswith("VMAIL_")}
    bare.pop("DJANGO_SETTINGS_MODULE", None)
    words = ["emit", "slapd", "--site", site_file(""), "--to", str(tmp_path / "out"), "--no-check"]

    done = subprocess.run(
        [sys.executable, MANAGE, *words], env=bare, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out/etc/ldap/slapd.conf").exists()
