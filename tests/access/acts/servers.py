"""What the mail servers ask with the password they have."""

from tests.access.cells import ACTIVE, FLAGS, MAILBOX, SEE, SENDS, SERVERS
from tests.access.probe import Act
from tests.access.tries import find, read, sign_in
from tests.deploy.cast import ALICE, EXAMPLE, HOSTING, MAILSERVICE, NEWS


def server(tries, row=None):
    return Act(MAILSERVICE, tries, (row, SERVERS) if row else None)


ACTIVE_ACCOUNT = "(&(objectClass=JammMailAccount)(mail=alice@example.test)(accountActive=TRUE))"

ACTS = [
    server(sign_in()),
    server(find(HOSTING, "(mail=*)"), SEE),
    server(find(HOSTING, ACTIVE_ACCOUNT), SEE),
    server(find(HOSTING, "(&(objectClass=JammVirtualDomain)(jvd=example.test)(delete=FALSE))")),
    server(read(ALICE, "mail"), SEE),
    server(read(EXAMPLE, "jvd"), FLAGS),
    server(read(EXAMPLE, "accountActive"), FLAGS),
    server(read(NEWS, "maildrop"), SENDS),
    server(read(ALICE, "quota"), ACTIVE),
    server(read(ALICE, "accountActive"), ACTIVE),
    server(read(ALICE, "mailbox"), MAILBOX),
    server(read(ALICE, "homeDirectory"), MAILBOX),
]
