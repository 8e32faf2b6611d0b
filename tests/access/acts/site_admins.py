"""What a site admin does."""

from tests.access.attacks.domains import NEW_DOMAIN
from tests.access.cells import (
    ACTIVE,
    ADD_ACCOUNT,
    ADD_ALIAS,
    APPOINT,
    ELSEWHERE,
    FLAGS,
    MAILBOX,
    NAME,
    READ_HASH,
    SEE,
    SENDS,
    SET_PASSWORD,
    SITE_ADMIN,
)
from tests.access.people import (
    A_PASSWORD,
    ALIAS,
    BOUND,
    INFO,
    NEW,
    QUIET,
    SITEADMINS,
    VIC,
)
from tests.access.probe import Act
from tests.access.tries import (
    MARKED,
    OFF,
    add,
    change,
    change_all,
    delete,
    find,
    put,
    read,
    set_password,
    sign_in,
    take,
)
from tests.deploy.cast import (
    ADMIN,
    ALICE,
    BEN,
    CAROL,
    DAVE,
    ERIN,
    EXAMPLE,
    HOSTING,
    NEWS,
    OLD_ADDRESS,
    POSTMASTER,
    VERA,
    account_attributes,
    domain_dn,
    postmaster_dn,
)


def admin(tries, row=None):
    return Act(ADMIN, tries, (row, SITE_ADMIN) if row else None)


NEW_TEST = domain_dn("new.test")

ACTS = [
    admin(sign_in()),
    admin(find(HOSTING, "(mail=*)"), SEE),
    admin(read(CAROL, "mail"), SEE),
    admin(change(ALICE, "cn", "Alice Adams"), NAME),
    admin(change(ALICE, "description", "Moved"), NAME),
    admin(set_password(ALICE, A_PASSWORD), SET_PASSWORD),
    admin(set_password(VERA, A_PASSWORD), SET_PASSWORD),
    admin(set_password(VIC, A_PASSWORD), SET_PASSWORD),
    admin(read(ALICE, "userPassword"), READ_HASH),
    admin(change(DAVE, "accountActive", "TRUE"), ACTIVE),
    admin(change(ALICE, "quota", "1"), ACTIVE),
    admin(change(NEWS, "maildrop", "friend@elsewhere.test"), SENDS),
    admin(change(ALICE, "mailbox", "example.test/a/alice/"), MAILBOX),
    admin(change(ALICE, "homeDirectory", "/srv/mail"), MAILBOX),
    admin(add(NEW, **account_attributes("new@example.test")), ADD_ACCOUNT),
    admin(change_all(BEN, MARKED | OFF), ADD_ACCOUNT),
    admin(change(ERIN, "delete", "FALSE"), ADD_ACCOUNT),
    admin(delete(CAROL)),
    admin(add(INFO, mail="info@example.test", **ALIAS), ADD_ALIAS),
    admin(delete(NEWS), ADD_ALIAS),
    admin(put(ALICE, "mail", "alice@elsewhere.test"), ELSEWHERE),
    admin(take(NEWS, "mail", OLD_ADDRESS), ELSEWHERE),
    admin(put(POSTMASTER, "roleOccupant", CAROL), APPOINT),
    admin(take(postmaster_dn("other.test"), "roleOccupant", VERA), APPOINT),
    admin(change(EXAMPLE, "editAccounts", "FALSE"), FLAGS),
    admin(change(BOUND, "editPostmasters", "TRUE"), FLAGS),
    admin(change(QUIET, "accountActive", "TRUE"), FLAGS),
    admin(change(EXAMPLE, "delete", "TRUE"), FLAGS),
    admin(add(NEW_TEST, jvd="new.test", **NEW_DOMAIN), FLAGS),
    admin(
        add(
            postmaster_dn("other.test"),
            cn="postmaster",
            objectClass=["JammMailAlias", "JammPostmaster"],
            mail="postmaster@other.test",
            maildrop="postmaster",
            roleOccupant=VERA,
            accountActive="TRUE",
            lastChange="1",
        )
    ),
    admin(put(SITEADMINS, "member", ALICE)),
    admin(set_password(ADMIN, A_PASSWORD)),
]
