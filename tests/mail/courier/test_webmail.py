"""Roundcube in a browser: it reads by Courier and sends by Postfix, with the person's password."""

import re
from dataclasses import replace
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from deploy.checks import check
from deploy.emit import rendered
from deploy.facts.webmail import Webmail
from deploy.private_webmail import PrivateWebmail
from deploy.programs import ProgramError, run
from deploy.site import Secrets, SiteError
from tests.browser import chromium_runs
from tests.world import SITE, word

KEY = "x7" * 12
ALICE_AT = ("alice@example.test", word("alice"))
PIA_AT = ("pia@example.test", word("pia"))


@pytest.fixture(scope="session")
def roundcube(whole, open_folder):
    with PrivateWebmail(open_folder / "webmail", whole.mail.site) as roundcube:
        yield roundcube


@pytest.fixture(scope="module")
def chromium():
    # No longer than this module, for Django's sake.
    with chromium_runs() as browser:
        yield browser


@pytest.fixture
def page(chromium):
    """A browser nobody has signed in with."""
    with chromium.new_context(locale="en") as context:
        yield context.new_page()


def sign_in(page, roundcube, login, password):
    page.goto(roundcube.url)
    page.get_by_label("Username").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Login").click()


def open_mail(page, subject):
    # A double click would do, but for a list that draws itself anew between the two.
    place = page.get_by_role("link", name=subject).get_attribute("href")
    page.goto(urljoin(page.url, place))
    expect(page.get_by_role("heading", name=subject)).to_be_visible()


def test_somebody_reads_a_mail_and_sends_one(courier, roundcube, page):
    subject = courier.comes("example.test/alice", "alice@example.test")
    sign_in(page, roundcube, *ALICE_AT)
    open_mail(page, subject)
    expect(page.locator("#messagebody")).to_contain_text("Hello.")

    page.get_by_role("button", name="Compose").click()
    page.get_by_role("listitem").get_by_role("combobox").fill("pia@example.test")
    page.get_by_role("textbox", name="Subject").fill(f"About {subject}")
    page.get_by_role("textbox", name="Message Body").fill("Grüße aus dem Browser")
    page.get_by_role("button", name="Send").click()
    # It says "Message sent successfully" for half a second, then it opens the list.
    expect(page).to_have_url(re.compile(r"\?_task=mail&_mbox=INBOX$"))

    assert courier.file("example.test/pia", f"About {subject}")
    sent = courier.read(*PIA_AT, f"About {subject}")
    assert "alice@example.test" in sent["From"]
    assert "Grüße aus dem Browser" in sent.get_payload(decode=True).decode()
    # A copy lies where other programs look for it too.
    assert courier.read(*ALICE_AT, f"About {subject}", folder="INBOX.Sent")


def test_a_wrong_password_opens_nothing(courier, roundcube, page):
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        sign_in(page, roundcube, "alice@example.test", word("pia"))

    assert answer.value.status == 401
    expect(page.get_by_text("Login failed")).to_be_visible()
    expect(page.get_by_role("button", name="Compose")).to_have_count(0)


@pytest.mark.parametrize(
    "doubt",
    [
        {"tls": {"ca": "/etc/ssl/certs/ca-certificates.crt"}},
        {"host": "another.myhosting.example"},
    ],
    ids=["signed by a stranger", "another name"],
)
def test_a_server_that_does_not_prove_its_name_gets_no_password(whole, page, tmp_path, doubt):
    site = whole.mail.site
    changes = {
        key: replace(getattr(site, key), **value) if isinstance(value, dict) else value
        for key, value in doubt.items()
    }
    before = whole.courier.log_path("imaps").read_text()

    with PrivateWebmail(tmp_path, replace(site, **changes)) as roundcube:
        sign_in(page, roundcube, *ALICE_AT)
        expect(page.get_by_text("Connection to storage server failed")).to_be_visible()
    assert "LOGIN" not in whole.courier.log_path("imaps").read_text().removeprefix(before)


def config(site):
    [file] = [file for file in rendered("webmail", site) if "roundcube" in file.path]
    return file


def test_php_reads_the_files():
    assert check("webmail", SITE) == ["php has no complaint"]


def test_without_a_key_of_its_own_roundcube_does_not_run(tmp_path):
    site = replace(SITE, webmail=Webmail(database="/var/lib/roundcube/db.sqlite"))
    file = tmp_path / "config.inc.php"

    file.write_text(config(site).text)
    with pytest.raises(ProgramError, match=r"names no secrets\.webmail_key_file"):
        run("php", str(file))

    file.write_text(config(replace(site, secrets=Secrets(webmail_key=KEY))).text)
    assert run("php", str(file)) == ""


def test_the_key_is_for_root_and_the_web_server_alone():
    site = replace(SITE, secrets=Secrets(webmail_key=KEY))

    assert KEY in config(site).text
    assert config(site).mode == 0o640
    assert KEY not in "".join(file.text for file in rendered("webmail", site, masked=True))


@pytest.mark.parametrize("key", ["short", "y" * 25, "quote'" * 4, "<?php" + "z" * 19])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(SiteError, match=r"secrets\.webmail_key: must be 24 letters and digits"):
        Secrets(webmail_key=key)
