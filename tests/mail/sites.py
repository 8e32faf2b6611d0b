"""The sites whose mail servers the tests start."""

from dataclasses import replace

from deploy.programs import run
from deploy.site import Dovecot
from tests.world import SITE

# Dovecot's files have one form for 2.3 and another for 2.4; this machine has one of them.
INSTALLED = run("dovecot", "--version")[:3]

WITH_DOVECOT = replace(SITE, imap="dovecot", dovecot=Dovecot(version=INSTALLED))
WITH_COURIER = replace(SITE, imap="courier", dovecot=Dovecot(version=INSTALLED))
NOWHERE = ["ldap://127.0.0.1:1"]
