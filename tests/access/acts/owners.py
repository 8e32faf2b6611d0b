"""What the owner of an alias does."""

from tests.access.cells import NAME, ONESELF, SEE, SENDS, SET_PASSWORD
from tests.access.people import A_PASSWORD
from tests.access.probe import Act
from tests.access.tries import change, put, read, set_password, sign_in
from tests.deploy.cast import NEWS, ONEIL


def news(tries, row=None):
    return Act(NEWS, tries, (row, ONESELF) if row else None)


ACTS = [
    news(sign_in()),
    Act(ONEIL, sign_in()),
    news(read(NEWS, "maildrop"), SEE),
    news(change(NEWS, "maildrop", "friend@elsewhere.test"), SENDS),
    news(put(NEWS, "maildrop", "joe+lists@elsewhere.test"), SENDS),
    news(change(NEWS, "maildrop", "a@elsewhere.test", "b@elsewhere.test"), SENDS),
    news(change(NEWS, "cn", "The news"), NAME),
    news(set_password(NEWS, A_PASSWORD), SET_PASSWORD),
    Act(ONEIL, set_password(ONEIL, A_PASSWORD)),
]
