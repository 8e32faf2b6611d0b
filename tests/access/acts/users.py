"""What a user does with the own entry."""

from tests.access.cells import ACTIVE, FLAGS, MAILBOX, NAME, ONESELF, SEE, SET_PASSWORD
from tests.access.people import A_PASSWORD, POLICY, SITA, VIC
from tests.access.probe import Act
from tests.access.tries import change, compare, find, read, set_password, sign_in
from tests.deploy.cast import ALICE, BEN, EXAMPLE, FORMER, HOSTING, VERA, hashed, password_of


def alice(tries, row=None):
    return Act(ALICE, tries, (row, ONESELF) if row else None)


ACTS = [
    *(Act(who, sign_in()) for who in (ALICE, BEN, FORMER, SITA)),
    alice(read(ALICE, "mail"), SEE),
    alice(find(HOSTING, "(mail=*)"), SEE),
    alice(compare(ALICE, "mail", "alice@example.test"), SEE),
    alice(read(ALICE, "cn"), NAME),
    alice(read(ALICE, "quota"), ACTIVE),
    alice(read(ALICE, "accountActive"), ACTIVE),
    alice(read(ALICE, "mailbox"), MAILBOX),
    alice(read(ALICE, "homeDirectory"), MAILBOX),
    alice(read(ALICE, "entryCSN")),
    alice(read(ALICE, "modifyTimestamp")),
    alice(read(EXAMPLE, "editAccounts"), FLAGS),
    alice(read(POLICY, "pwdMinLength")),
    alice(change(ALICE, "cn", "Ally"), NAME),
    alice(change(ALICE, "description", "On holiday"), NAME),
    alice(change(ALICE, "lastChange", "1700000000")),
    alice(set_password(ALICE, A_PASSWORD, password_of(ALICE)), SET_PASSWORD),
    alice(set_password(ALICE, A_PASSWORD), SET_PASSWORD),
    alice(change(ALICE, "userPassword", hashed(BEN)), SET_PASSWORD),
    # Who is postmaster elsewhere, or site admin, has the own password all the same.
    Act(VERA, set_password(VERA, A_PASSWORD)),
    Act(VIC, set_password(VIC, A_PASSWORD)),
    Act(SITA, set_password(SITA, A_PASSWORD)),
    Act(FORMER, read(FORMER, "cn")),
    Act(FORMER, set_password(FORMER, A_PASSWORD)),
]
