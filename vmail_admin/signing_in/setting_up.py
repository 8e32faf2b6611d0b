"""The secret of a second factor between the page that shows it and the code that proves it read.

It waits in the session, sealed as in its table, so that the database alone opens none.
"""

from vmail_admin.signing_in import factor as factors
from vmail_admin.signing_in.seals import seal, unseal

WAITING = "new_factor"


def secret_being_set_up(request, account):
    """The one shown before, or a new one."""
    secret = unseal(account, request.session.get(WAITING, ""))
    if secret is None:
        secret = factors.new_secret()
        request.session[WAITING] = seal(account, secret)
    return secret


def shown(secret, person):
    """What the page shows of it: a picture, a link, and the letters to type."""
    link = factors.link_to(secret, person.mail or person.login)
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"picture": factors.drawn(link), "link": link, "letters": letters}
