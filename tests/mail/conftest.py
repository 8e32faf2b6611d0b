"""Real mail servers on the emitted files, asking the slapd of the tests' cast."""

import shutil
import tempfile
from pathlib import Path

import pytest
from ldap.dn import escape_dn_chars

from deploy.private_mail import PrivateMail
from tests.mail.post import Post
from tests.mail.sites import WITH_COURIER, WITH_DOVECOT
from tests.world import HOSTING


@pytest.fixture(scope="session")
def open_folder():
    """A folder that the servers' own users can pass; pytest's are closed."""
    folder = Path(tempfile.mkdtemp(prefix="mail-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def running(folder, site, world):
    with PrivateMail(folder, site, [world.slapd.ldap_uri]) as mail:
        yield Post(mail)


@pytest.fixture(scope="session")
def with_dovecot(open_folder, one_world):
    yield from running(open_folder / "dovecot", WITH_DOVECOT, one_world)


@pytest.fixture(scope="session")
def without_dovecot(open_folder, one_world):
    yield from running(open_folder / "courier", WITH_COURIER, one_world)


@pytest.fixture(params=["with_dovecot", "without_dovecot"], ids=["LMTP", "virtual"])
def post(request, world):
    """Both ways a mail gets into its Maildir: Dovecot's LMTP, and Postfix's own virtual(8)."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def dovecot(with_dovecot, world):
    return with_dovecot


@pytest.fixture
def postfix(without_dovecot, world):
    """Postfix itself, for what does not need mail to arrive."""
    return without_dovecot.mail.postfix


@pytest.fixture
def alias(world):
    """Adds an alias, behind the panel's back. "@example.test" is a catch-all."""

    def add(mail, *destinations, active="TRUE"):
        root = world.root()
        values = {
            "objectClass": ["top", "JammMailAlias"],
            "mail": [mail],
            "maildrop": destinations,
            "accountActive": [active],
            "lastChange": ["1700000000"],
        }
        dn = f"mail={escape_dn_chars(mail)},jvd={mail.partition('@')[2]},{HOSTING}"
        root.add_s(dn, [(name, [one.encode() for one in some]) for name, some in values.items()])
        root.unbind_s()
        return dn

    return add
