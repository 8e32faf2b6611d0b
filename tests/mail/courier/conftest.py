"""Courier and Postfix on the emitted files: the chapter's own pair, asking the cast's slapd."""

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.hashes import ldap_hash
from deploy.namespace import Put
from deploy.private_courier import SOCKET, PrivateCourier
from deploy.private_mail import PrivateMail
from tests.mail.courier.reading import Reading, software
from tests.mail.sites import COURIER
from tests.world import SITE, word

LOLA = "lola:x:5100:5100:Lola:/home/lola:/bin/sh\n"


@pytest.fixture(scope="session")
def whole(open_folder, one_world):
    """A mail server with both, and Lola, who is a user of the machine itself."""
    folder = open_folder / "whole"
    socket = folder / "courier" / SOCKET
    site = replace(
        SITE,
        imap="courier",
        courier=replace(COURIER, socket=str(socket)),
        secrets=replace(SITE.secrets, webmail_key="x7" * 12),
    )
    with PrivateMail(folder, site, [one_world.slapd.ldap_uri]) as mail:
        courier = PrivateCourier(
            folder / "courier",
            replace(mail.site, mail_home=SITE.mail_home),
            software=software(),
            mailboxes=Path(mail.site.mail_home),
            people=LOLA,
            puts=[lola_at(folder / "courier"), Put(maildroprc(folder), "/etc/maildroprc")],
        )
        with courier:
            one_world.rebuild()
            courier.make_maildirs()
            yield Reading(mail, courier)


def lola_at(folder):
    """Her password, in a shadow(5) of our own; her home is below the folder at /home."""
    shadow = folder / "root" / "shadow"
    shadow.parent.mkdir(parents=True)
    hashed = ldap_hash(word("lola")).removeprefix("{CRYPT}")
    shadow.write_text(f"{Path('/etc/shadow').read_text()}lola:{hashed}:19000:0:99999:7:::\n")
    shadow.chmod(0o600)
    return Put(shadow, "/etc/shadow")


def maildroprc(folder):
    return folder / "courier/etc/maildroprc"


@pytest.fixture
def courier(whole, world):
    """Everybody as at the beginning of the play."""
    whole.after_a_restart_of(world.slapd)
    return whole
