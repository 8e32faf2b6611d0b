"""The directory with a mark in every entry, watched at every attempt and put back after it."""

import copy
import hashlib
import sqlite3
from contextlib import suppress
from dataclasses import dataclass

import ldap
from django.db import connections
from django.test import Client

from accounts.bulk.models import Job, Part
from tests.world import ASLEEP, DORA, HOSTING, SITEADMINS, SUFFIX, World, word
from vmail_admin.directory.names import address_in, domain_in, parent_of
from vmail_admin.journal.models import Row
from vmail_admin.signing_in.models import Factor, RecoveryCode, Session

# What a person may change in the own entry; ppolicy's memory of wrong passwords is not looked at.
OF_ONES_OWN = {"cn", "description", "maildrop", "userPassword", "lastChange", "entryCSN"}


# Its tables that people change, and what of them.
KEPT = {
    Factor: ("account", "sealed", "last_step"),
    RecoveryCode: ("pk",),
    Session: ("pk", "ended"),
    Job: ("key", "stage", "facts", "handed_out", "ended"),
    Part: ("pk", "finished", "made", "passwords"),
    Row: ("pk", "state"),
}

PLANTED = {}  # the marked play, made once


def mark_of(dn):
    """A word that stands in this entry and nowhere else."""
    return f"zq{hashlib.sha256(dn.encode()).hexdigest()[:10]}"


@dataclass
class Rights:
    """What slapd lets an actor see and change, asked of slapd itself."""

    dn: str = ""
    alive: bool = False
    is_site_admin: bool = False
    domains: tuple = ()  # of which the actor is postmaster
    may_edit_accounts: tuple = ()
    seen: frozenset = frozenset()  # marks

    def allow(self, dn, before, after):
        """Whether this change of an entry is the actor's to make."""
        if not self.alive:
            return False
        if self.is_site_admin:
            return dn.endswith(HOSTING) or dn == self.dn
        if parent_of(dn) in self.domains:
            return parent_of(dn) in self.may_edit_accounts or not is_account_made(before, after)
        same = {name for name in {*before, *after} if before.get(name) == after.get(name)}
        return dn == self.dn and {*before, *after} - same <= OF_ONES_OWN


def is_account_made(before, after):
    """Whether an account came, went, or was marked for deletion."""
    classes = {*before.get("objectClass", []), *after.get("objectClass", [])}
    is_account = b"JammMailAccount" in classes
    return is_account and (not before or not after or before["delete"] != after["delete"])


def is_wrong_password(_, before, after):
    """Whether only the version is new: slapd's ppolicy has noted a bind that it refused."""
    return {**before, "entryCSN": []} == {**after, "entryCSN": []}


class Stage:
    """One actor at a time tries things; everything is as before at the next attempt."""

    def __init__(self, world: World):
        self.world, self.root = world, world.root()
        self.first_play = world.play
        world.play = self.planted()
        world.rebuild()
        self.play = self.entries()
        self.database = sqlite3.connect(":memory:")

    def planted(self):
        """The play with a mark in every entry, and somebody and something that wait to be deleted.

        The marks come through the panel, so that whatever the panel remembers holds them too.
        """
        if PLANTED:
            return PLANTED
        rita = Client()
        rita.post("/sign-in/", {"login": "rita", "password": word("rita")})
        for dn, values in self.first_play.items():
            mark, mail = mark_of(dn), address_in(dn)
            if mail:
                kind = "aliases" if b"JammMailAlias" in values["objectClass"] else "accounts"
                rita.post(f"/{kind}/{mail}/", {"full_name": mark, "description": mark})
            elif domain_in(dn):
                rita.post(f"/domains/{domain_in(dn)}/settings/", {"description": mark})
            self.world.change(dn, description=mark)
        selected = {"act": "delete", "mail": ["alice@example.test", "alex@example.test"]}
        rita.post("/domains/example.test/selected/", selected)
        self.world.change(DORA, delete="TRUE")
        self.world.change(ASLEEP, delete="TRUE")
        PLANTED.update(self.first_play)
        PLANTED.update(
            (dn, values) for dn, values in self.entries(["*"]).items() if dn in self.first_play
        )
        return PLANTED

    def entries(self, wanted=("*", "entryCSN")):
        """Everything, as slapd's rootdn sees it."""
        return dict(self.root.search_s(SUFFIX, ldap.SCOPE_SUBTREE, "(objectClass=*)", list(wanted)))

    # --- who is on

    def enter(self, actor):
        """The actor signs in, falls where that is their part, and is seen as slapd sees them."""
        self.actor = actor
        self.world.play = PLANTED
        self.world.rebuild()
        self.begin_with(self.signed_in())
        self.rights = self.rights_of(actor)
        return self

    def signed_in(self):
        """A new browser of the actor's."""
        client = Client()
        if self.actor.dn:
            login = {"login": self.actor.login, "password": self.actor.password}
            assert client.post("/sign-in/", login).status_code == 302
        return client

    def begin_with(self, client):
        """Each attempt begins with this browser, and with the database as it is now."""
        self.cookies = client.cookies
        connections["default"].ensure_connection()
        connections["default"].connection.backup(self.database)
        self.fall()

    def stay(self, client):
        """Each attempt begins where the actor has come to by now, in the directory too."""
        branches = (HOSTING, parent_of(SITEADMINS))
        self.world.play = {
            dn: values for dn, values in self.entries(["*"]).items() if dn.endswith(branches)
        }
        self.begin_with(client)

    def fall(self):
        for dn, values in self.actor.falls.items():
            self.world.change(dn, **values)
        self.before, self.before_versions = self.entries(), self.versions()

    def rights_of(self, actor):
        if not actor.dn or not self.world.accepts(actor.dn, actor.password):
            return Rights()
        posts = self.posts(actor.dn)
        return Rights(
            dn=actor.dn,
            alive=True,
            is_site_admin=actor.dn.encode() in self.before[SITEADMINS]["member"],
            domains=posts,
            may_edit_accounts=tuple(
                domain for domain in posts if self.before[domain]["editAccounts"] == [b"TRUE"]
            ),
            seen=self.seen_by(actor),
        )

    def posts(self, dn):
        return tuple(
            parent_of(post)
            for post, values in self.before.items()
            if dn.encode() in values.get("roleOccupant", [])
        )

    def seen_by(self, actor):
        """The marks in all that slapd shows this person, entry by entry."""
        connection = ldap.initialize(self.world.slapd.ldapi_uri)
        connection.simple_bind_s(actor.dn, actor.password)
        shown = ""
        for dn in self.before:
            with suppress(ldap.NO_SUCH_OBJECT, ldap.INSUFFICIENT_ACCESS):
                shown += str(connection.search_s(dn, ldap.SCOPE_BASE))
        connection.unbind_s()
        return frozenset(mark for mark in map(mark_of, self.before) if mark in shown)

    @property
    def hidden(self):
        """The marks that this actor may never see."""
        return [mark for mark in map(mark_of, self.play) if mark not in self.rights.seen]

    # --- an attempt

    def client(self):
        """The actor's browser, as it was when they had signed in."""
        client = Client()
        client.cookies = copy.copy(self.cookies)
        return client

    def restore(self):
        """The database as it was when the actor had signed in."""
        connections["default"].ensure_connection()
        self.database.backup(connections["default"].connection)

    def tried(self, method, path, *fields):
        return self.watched(lambda client: getattr(client, method)(path, *fields))

    def sent(self, path, body, content_type="application/x-www-form-urlencoded"):
        """A POST of any bytes."""
        return self.watched(lambda client: client.generic("POST", path, body, content_type))

    def watched(self, attempt):
        """The answer to an attempt, and what it changed in the directory: [(dn, before, after)]."""
        self.restore()
        answer = attempt(self.client())
        changed = [] if self.versions() == self.before_versions else self.changes()
        if changed:
            self.world.rebuild()
            self.fall()
        return answer, [one for one in changed if not is_wrong_password(*one)]

    def rows(self):
        """What of the panel's own database nobody changes who is refused."""
        return {
            model: list(model.objects.order_by("pk").values_list(*names))
            for model, names in KEPT.items()
        }

    def versions(self):
        return self.entries(["entryCSN"])

    def changes(self):
        after = self.entries()
        return [
            (dn, self.before.get(dn, {}), after.get(dn, {}))
            for dn in {*self.before, *after}
            if self.before.get(dn) != after.get(dn)
        ]

    def sessions_of_others(self):
        key = self.cookies["vmail_session"].value if "vmail_session" in self.cookies else ""
        own = Session.objects.filter(pk=key).values("account")
        others = Session.objects.exclude(account__in=own)
        return dict(others.values_list("pk", "session_data"))

    def harmed(self, others):
        """Of these, the sessions that are changed or gone. A new password ends them rightly."""
        ended = Session.objects.filter(ended="password").values_list("pk", flat=True)
        return {pk for pk, _ in others.items() - self.sessions_of_others().items()} - set(ended)

    def leave(self):
        self.world.play = self.first_play
        self.world.rebuild()
        self.root.unbind_s()
        self.database.close()
