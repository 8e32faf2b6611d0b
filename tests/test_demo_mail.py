"""The demo with mail servers: what it prints is done here, word by word."""

import re
import signal
import subprocess
import sys
import time

import pytest

from script.demo_mail import forget_mail
from tests.browser import chromium_runs
from tests.test_demo import PROJECT, Demo, family_of, lives

LAST_WORDS = "nothing leaves this machine"
NEW = "greta.lind@nordwind.example"
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo-mail") / "data"


@pytest.fixture(scope="module")
def demo(folder):
    one = Demo(folder, "--mail")
    one.read_until(LAST_WORDS)
    yield one
    if one.process.poll() is None:
        one.process.terminate()
        one.end()
    forget_mail(folder)


def printed(demo, program):
    """A command of what the demo said."""
    return re.search(rf"^  ({program} .*)$", demo.text, re.MULTILINE)[1]


def done(command):
    """What a command prints, in the shell of somebody who pasted it."""
    return subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True, timeout=PATIENCE
    ).stdout


def read_until(words, command):
    """What is read once the mail with these words is there: it takes a moment."""
    until = time.monotonic() + PATIENCE
    while words not in (text := done(command)) and time.monotonic() < until:
        time.sleep(0.1)
    return text


def gone(family):
    """Whether all have ended; what a server of Postfix leaves, the kernel clears up after it."""
    until = time.monotonic() + PATIENCE
    while any(map(lives, family)) and time.monotonic() < until:
        time.sleep(0.1)
    return not any(map(lives, family))


@pytest.fixture(scope="module")
def password(demo):
    """Of an account that the postmaster makes in a browser."""
    with chromium_runs() as browser:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{demo.port}/domains/nordwind.example/accounts/new/")
        page.fill("[name=login]", "ingrid.solberg@nordwind.example")
        page.fill("[name=password]", "demo-postmaster")
        page.keyboard.press("Enter")
        page.fill("[name=local_part]", "greta.lind")
        page.fill("[name=full_name]", "Gréta Lind")
        page.keyboard.press("Enter")
        shown = page.locator("#shown-password").inner_text()
        assert "could not be sent" not in page.content()
        return shown


def for_greta(command, password):
    """The same command, with the address and the password of the new account put there."""
    person = "mateo.garcia@nordwind.example"
    return command.replace(f"{person}:demo-person", f"{NEW}:{password}").replace(person, NEW)


def test_the_printed_commands_send_and_read(demo):
    done(printed(demo, "printf"))

    assert "Can you read this?" in read_until("Can you read this?", printed(demo, "curl"))


def test_a_new_account_has_a_maildir_and_a_welcome_in_it(demo, folder, password):
    new = (folder / "mail/mail/domains/nordwind.example/greta.lind/new").resolve()
    assert any("Your mailbox is open" in mail.read_text() for mail in new.iterdir())

    read = done(for_greta(printed(demo, "curl"), password))

    assert "From: postmaster@nordwind.example" in read


def test_the_new_account_reads_what_is_sent_to_it(demo, password):
    done(for_greta(printed(demo, "printf"), password))

    command = for_greta(printed(demo, "curl"), password)
    assert "Can you read this?" in read_until("Can you read this?", command)


def test_its_end_leaves_no_process_and_fresh_leaves_no_mail(demo, folder):
    family = family_of(demo.process.pid)
    assert len(family) > 8, "slapd, gunicorn, and the mail servers with theirs"
    demo.process.send_signal(signal.SIGINT)

    assert demo.end() == 0
    assert gone(family)
    mail = (folder / "mail").resolve()
    assert (mail / "mail/domains/nordwind.example").is_dir()

    anew = Demo(folder, "--mail", "--fresh")
    anew.read_until(LAST_WORDS)
    anew.process.send_signal(signal.SIGINT)

    assert anew.end() == 0
    assert not mail.exists()
    assert not (folder / "mail/mail/domains/nordwind.example").exists()


def test_without_root_it_is_a_sentence():
    command = [sys.executable, "-m", "script.run_demo", "--mail"]
    ended = subprocess.run(
        command, cwd=PROJECT, user=65534, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr == "Only root can start Postfix and Dovecot: sudo script/demo --mail\n"
