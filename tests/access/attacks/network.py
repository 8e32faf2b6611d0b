"""Another machine, which slapd answers over TLS only. 127.0.0.2 plays it."""

from tests.access.people import NOBODY
from tests.access.probe import Attack, Try
from tests.access.tries import by_ldif, holds
from tests.deploy.cast import ADMIN, ALICE, HOSTING, MAILSERVICE, PAT

IN_CLEAR = "whoever listens on the network has the password"


def signs_in(words="sign in in clear from another address"):
    def attempt(client):
        return "dn:" in client.runs("ldapwhoami", afar=True)

    return Try(words, attempt, lambda _, seen: bool(seen))


def searches():
    def attempt(client):
        found = client.runs("ldapsearch", "-LLL", "-b", HOSTING, "(mail=*)", "1.1", afar=True)
        return "mail=" in found

    return Try("search in clear from another address", attempt, lambda _, seen: bool(seen))


ATTACKS = [
    Attack(ALICE, signs_in(), IN_CLEAR, "0"),
    Attack(PAT, signs_in(), IN_CLEAR, "0"),
    Attack(ADMIN, signs_in(), IN_CLEAR, "0"),
    Attack(NOBODY, searches(), "takes every address over the network", "0"),
    Attack(MAILSERVICE, searches(), IN_CLEAR, "0"),
    Attack(
        ALICE,
        by_ldif(
            "change the own name in clear from another address",
            f"dn: {ALICE}\nchangetype: modify\nreplace: cn\ncn: far away\n",
            holds(ALICE, "cn", "far away"),
            afar=True,
        ),
        IN_CLEAR,
        "0",
    ),
]
