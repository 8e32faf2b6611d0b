"""The sites whose mail servers the tests start."""

from dataclasses import replace

from deploy.programs import run
from deploy.site import Courier, Dovecot
from tests.world import SITE

# Dovecot's files have one form for 2.3 and another for 2.4; this machine has one of them.
INSTALLED = run("dovecot", "--version")[:3]

WITH_DOVECOT = replace(SITE, imap="dovecot", dovecot=Dovecot(version=INSTALLED))
# Debian 12 has courier-imap 5.0, Debian 13 has 5.2; unpacked, it does not tell which it is.
COURIER = Courier(version="5.0" if INSTALLED == "2.3" else "5.2")
WITH_COURIER = replace(SITE, imap="courier", courier=COURIER, dovecot=WITH_DOVECOT.dovecot)
NOWHERE = ["ldap://127.0.0.1:1"]
