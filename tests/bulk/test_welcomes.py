"""The first mails of accounts that a table brought: real ones, taken by Postfix's smtp-sink."""

import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from accounts.bulk.models import Job
from deploy.children import Child, takes_connections
from deploy.private_slapd import free_port
from tests.bulk.steps import imported, started, url_of, worked
from tests.command_line.saying import pia_says  # noqa: F401 (a fixture)

TABLE = "mail,name,active\nnora,Nora Nash,\nbo,Bo,no\nkim,Kim,yes\nalice,Taken,\n"
GREETED = ["kim@example.test", "nora@example.test"]  # Bo is switched off, Alice is there already
IMPORTED = ["3 added.", "1 left out, as the preview said."]


@pytest.fixture(autouse=True)
def no_jobs(world):
    Job.objects.all().delete()


@pytest.fixture
def mail_server(settings):
    """Where a mail server is to be; nobody is there yet."""
    settings.WELCOME_SMTP = ("127.0.0.1", free_port())
    return settings.WELCOME_SMTP


@contextmanager
def sink(server):
    """Takes mail. Yields a function that tells to whom each went."""
    host, port = server
    with tempfile.TemporaryDirectory(prefix="sink-") as folder:
        path = Path(folder)
        path.chmod(0o777)  # smtp-sink writes as nobody where it is started by root
        nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
        child = Child("smtp-sink", path / "log")
        words = ["smtp-sink", *nobody, "-d", str(path / "mail-%M%S."), f"{host}:{port}", "20"]
        child.start(words, lambda: takes_connections([port]))
        try:
            yield lambda: sorted(to_whom(one.read_text()) for one in path.glob("mail-*"))
        finally:
            child.stop()


def to_whom(mail):
    return re.search(r"^To: (\S+)$", mail, re.MULTILINE)[1]


def test_each_new_account_gets_a_mail_that_it_can_receive(pia, world, mail_server):
    with sink(mail_server) as greeted:
        page = started(pia, imported(pia, TABLE))

        assert page.context["effects"] == IMPORTED
        assert greeted() == GREETED
    assert "welcome" not in page.content.decode()


def test_without_a_mail_server_the_accounts_are_there_and_their_mails_come_later(
    pia, world, mail_server
):
    page = started(pia, imported(pia, TABLE))

    missed = "2 got no welcome mail: the mail server took none."
    assert page.context["effects"] == [*IMPORTED, missed]
    said = [row["says"] for row in page.context["table"]["rows"]]
    assert said == [["added; no welcome mail"]] * 2 + [["not added"]]
    with sink(mail_server) as greeted:
        page = worked(pia, pia.post(f"{url_of(page)}greet/").url)

        assert page.context["effects"] == IMPORTED
        assert greeted() == GREETED
        worked(pia, pia.post(f"{url_of(page)}greet/").url)
        assert greeted() == GREETED


def test_an_import_of_aliases_sends_nothing(pia, world, mail_server):
    with sink(mail_server) as greeted:
        started(pia, imported(pia, "mail,goto\nteam,alice@example.test\n", "aliases"))

        assert greeted() == []


def test_the_command_greets_too_and_says_whom_it_did_not_reach(
    pia_says,  # noqa: F811
    mail_server,
    tmp_path,
):
    file = tmp_path / "table.csv"
    file.write_text("mail,name\nnora,Nora Nash\n")
    words = ("import", "example.test", str(file), "--no-passwords")
    with sink(mail_server) as greeted:
        said = pia_says(*words)

        assert (said.code, said.err, greeted()) == (0, "", ["nora@example.test"])
    file.write_text("mail,name\nkim,Kim\n")
    said = pia_says(*words)

    assert said.code == 0
    assert "line 2: kim@example.test: The welcome mail could not be sent." in said.err
