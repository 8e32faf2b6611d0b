"""manage.py emit"""

import pytest
from django.core.management import CommandError, call_command


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
