"""What a postmaster does in the own domain."""

from ldap.controls.readentry import PostReadControl

from tests.access.cells import (
    ACTIVE,
    ADD_ACCOUNT,
    ADD_ALIAS,
    APPOINT,
    FLAGS,
    MAILBOX,
    NAME,
    SEE,
    SENDS,
    SET_PASSWORD,
)
from tests.access.cells import POSTMASTER as OF_DOMAIN
from tests.access.people import (
    A_PASSWORD,
    ALIAS,
    ANY_HASH,
    CATCH_ALL,
    INFO,
    NEW,
    OTHER,
    POLICY,
    SPARE,
    TESS,
    THIRD,
    TOM,
)
from tests.access.probe import Act
from tests.access.tries import add, change, delete, find, put, read, set_password, sign_in, take
from tests.deploy.cast import (
    ALICE,
    BEN,
    BOB,
    CAROL,
    DAVE,
    EXAMPLE,
    HOSTING,
    LENA,
    NEWS,
    OLD_ADDRESS,
    ONEIL,
    PAT,
    POSTMASTER,
    VERA,
    account_attributes,
    hashed,
    postmaster_dn,
)


def pat(tries, row=None):
    return Act(PAT, tries, (row, OF_DOMAIN) if row else None)


SEEN_BY_PANEL = ("entryCSN", "modifiersName", "modifyTimestamp", "createTimestamp")

ACTS = [
    *(Act(who, sign_in()) for who in (PAT, POSTMASTER, VERA, BOB, TESS)),
    pat(find(EXAMPLE, "(mail=*)"), SEE),
    pat(find(HOSTING, "(mail=*)")),
    pat(read(ALICE, "mail"), SEE),
    pat(read(ALICE, "cn"), SEE),
    pat(read(ALICE, "quota"), ACTIVE),
    *(pat(read(ALICE, name)) for name in SEEN_BY_PANEL),
    pat(read(EXAMPLE, "entryCSN")),
    pat(read(EXAMPLE, "editAccounts"), FLAGS),
    pat(read(EXAMPLE, "accountActive"), FLAGS),
    pat(read(POSTMASTER, "roleOccupant"), APPOINT),
    pat(read(POLICY, "pwdMinLength")),
    Act(VERA, find(OTHER, "(mail=*)")),
    Act(VERA, read(CAROL, "mail")),
    pat(change(ALICE, "cn", "Alice Adams"), NAME),
    pat(change(ALICE, "cn", "Alice Adams", controls=[PostReadControl(attrList=["cn"])]), NAME),
    pat(change(ALICE, "description", "Moved to sales"), NAME),
    pat(change(ALICE, "description"), NAME),
    pat(change(NEWS, "description", "The news"), NAME),
    pat(change(ALICE, "quota", "20000000S"), ACTIVE),
    pat(change(ALICE, "accountActive", "FALSE"), ACTIVE),
    pat(change(DAVE, "accountActive", "TRUE"), ACTIVE),
    pat(change(NEWS, "accountActive", "FALSE"), ACTIVE),
    pat(change(ALICE, "lastChange", "1700000000")),
    pat(set_password(ALICE, A_PASSWORD), SET_PASSWORD),
    pat(set_password(NEWS, A_PASSWORD), SET_PASSWORD),
    pat(set_password(SPARE, A_PASSWORD), SET_PASSWORD),
    pat(set_password(ONEIL, A_PASSWORD), SET_PASSWORD),
    pat(change(ALICE, "userPassword", hashed(ALICE)), SET_PASSWORD),
    pat(change(POSTMASTER, "userPassword", ANY_HASH), SET_PASSWORD),
    pat(set_password(POSTMASTER, A_PASSWORD), SET_PASSWORD),
    Act(BOB, set_password(BEN, A_PASSWORD)),
    pat(change(NEWS, "maildrop", "alice@example.test", "friend@elsewhere.test"), SENDS),
    pat(put(NEWS, "maildrop", "joe+lists@elsewhere.test"), SENDS),
    pat(change(CATCH_ALL, "maildrop", "pat@example.test"), SENDS),
    pat(change(POSTMASTER, "maildrop", "pat@example.test"), SENDS),
    pat(change(LENA, "mailbox", "example.test/lena/"), MAILBOX),
    pat(add(NEW, **account_attributes("new@example.test")), ADD_ACCOUNT),
    pat(change(ALICE, "delete", "TRUE"), ADD_ACCOUNT),
    pat(delete(DAVE)),
    pat(add(INFO, mail="info@example.test", **ALIAS), ADD_ALIAS),
    pat(
        add(
            f"mail=joe\\2Bnews@example.test,{EXAMPLE}",
            note="a + in its address",
            mail="joe+news@example.test",
            **ALIAS | {"userPassword": ANY_HASH},
        ),
        ADD_ALIAS,
    ),
    pat(delete(NEWS), ADD_ALIAS),
    pat(delete(CATCH_ALL), ADD_ALIAS),
    pat(put(NEWS, "mail", "newsletter@example.test")),
    pat(take(NEWS, "mail", OLD_ADDRESS)),
    pat(put(POSTMASTER, "roleOccupant", ALICE), APPOINT),
    pat(take(POSTMASTER, "roleOccupant", PAT), APPOINT),
    Act(VERA, take(postmaster_dn("other.test"), "roleOccupant", VERA)),
    Act(VERA, change(CAROL, "quota", "1")),
    # A domain that may neither add accounts nor appoint still looks after those it has.
    Act(BOB, change(BEN, "quota", "1")),
    Act(BOB, change(BEN, "accountActive", "FALSE")),
    # Two domains, one postmaster; and cn=postmaster itself is one.
    Act(TESS, change(TOM, "cn", "Tom")),
    Act(TESS, put(postmaster_dn("third.test"), "roleOccupant", postmaster_dn("third.test"))),
    Act(TESS, read(THIRD, "jvd")),
    Act(POSTMASTER, change(ALICE, "quota", "1")),
    Act(POSTMASTER, set_password(ALICE, A_PASSWORD)),
]
