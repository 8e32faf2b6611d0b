"""The owner of an alias, and cn=postmaster, which is an alias too."""

from tests.access.cells import ONESELF, SENDS
from tests.access.people import CATCH_ALL, SPARE
from tests.access.probe import Attack
from tests.access.tries import by_ldif, change, delete, holds, put
from tests.deploy.cast import NEWS, POSTMASTER

from .reasons import ONLY_OWN, SLAPD_REFUSES

COMMAND = "runs a program on the mail server"
FILE = "writes any file on the mail server"
INCLUDE = "sends mail to what a file on the mail server says"
LOCAL = "sends mail to the Unix users of the mail server"
MANY = [f"person{number}@elsewhere.test" for number in range(300)]

ATTACKS = [
    Attack(NEWS, change(NEWS, "maildrop", "|/bin/sh"), COMMAND, "5", cell=(SENDS, ONESELF)),
    Attack(NEWS, put(NEWS, "maildrop", '"|/bin/sh"'), COMMAND, "5"),
    Attack(NEWS, put(NEWS, "maildrop;lang-en", "|/bin/sh"), COMMAND, "5"),
    Attack(NEWS, put(NEWS, "maildrop", "friend@elsewhere.test, |/bin/sh"), COMMAND, "5"),
    Attack(NEWS, put(NEWS, "maildrop", "friend@elsewhere.test\n|/bin/sh"), COMMAND, "5"),
    Attack(NEWS, put(NEWS, "maildrop", "|/bin/sh\n@elsewhere.test"), COMMAND, "5"),
    Attack(NEWS, change(NEWS, "maildrop", "/etc/cron.d/news"), FILE, "5"),
    Attack(NEWS, change(NEWS, "maildrop", "./../../etc/passwd"), FILE, "5"),
    Attack(NEWS, change(NEWS, "maildrop", ":include:/etc/shadow"), INCLUDE, "5"),
    Attack(NEWS, change(NEWS, "maildrop", "root"), LOCAL, "5"),
    Attack(NEWS, change(NEWS, "maildrop", "friend@"), LOCAL, "5"),
    Attack(NEWS, change(NEWS, "maildrop", "@elsewhere.test"), LOCAL, "5"),
    Attack(
        NEWS,
        change(NEWS, "maildrop", "x" * 400 + "@elsewhere.test"),
        "crashes what reads it",
        "constraint",
    ),
    Attack(NEWS, change(NEWS, "maildrop", *MANY), "sends one mail to thousands", "constraint"),
    Attack(NEWS, put(NEWS, "mail", "other@example.test"), "takes any free address", "3"),
    Attack(NEWS, put(NEWS, "mail", "@other.test"), "takes the mail of another domain", "3"),
    Attack(
        NEWS, put(NEWS, "mailsource", "ceo@other.test"), "takes an address of another kind", "11"
    ),
    Attack(
        NEWS, change(NEWS, "accountActive", "FALSE"), "undoes what the postmaster switched", "7"
    ),
    Attack(
        NEWS,
        by_ldif(
            "become an account",
            f"dn: {NEWS}\nchangetype: modify\nreplace: objectClass\n"
            "objectClass: JammMailAccount\n-\nadd: mailbox\nmailbox: other.test/dora/\n",
            holds(NEWS, "objectClass", "JammMailAccount"),
        ),
        "has a mailbox that is a stranger's",
        "7b",
        SLAPD_REFUSES,
    ),
    Attack(NEWS, change(SPARE, "maildrop", "x@evil.test"), "reads somebody's mail", "5", ONLY_OWN),
    Attack(NEWS, change(CATCH_ALL, "maildrop", "x@evil.test"), "reads stray mail", "5", ONLY_OWN),
    Attack(NEWS, delete(NEWS), "frees the address for somebody else", "8", ONLY_OWN),
    Attack(POSTMASTER, change(POSTMASTER, "maildrop", "|/bin/sh"), COMMAND, "5"),
    Attack(
        POSTMASTER,
        put(POSTMASTER, "mail", "ceo@other.test"),
        "takes the mail of another domain",
        "3",
    ),
]
