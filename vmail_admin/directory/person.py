"""Who is signed in, and what the bind showed of them.

The DN is computed from what was typed, never searched for. What is learnt here only decides what a
page offers: slapd decides at every single operation.
"""

from dataclasses import asdict, dataclass, replace

import ldap
from django.conf import settings
from django.db import connections

from vmail_admin.addresses import ascii_domain, shown_address
from vmail_admin.directory import policy
from vmail_admin.directory.backend.kept import FLAGS, VERSION, state_in
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.backend.searches import ANYTHING, NOTHING, Lookup, equals
from vmail_admin.directory.errors import Invalid, WrongPassword
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.names import (
    address_dn,
    address_in,
    admin_dn,
    domain_dn,
    domain_in,
    is_below,
    label_of,
    rdns_of,
    same_dn,
)

MOST_LOGIN = 400  # characters; longer than any address
MOST_DOMAINS = 1000  # of one postmaster
KINDS = {b"JammMailAccount": "account", b"JammMailAlias": "alias"}


@dataclass(frozen=True)
class Person:
    dn: str
    login: str
    is_site_admin: bool = False
    domains: tuple = ()  # the domains this person is postmaster of
    kind: str = ""  # "account" or "alias", where the person's own entry is one
    must_change: bool = False  # the password, before anything else

    @property
    def mail(self):
        return address_in(self.dn)

    @property
    def shown_name(self):
        """Who is signed in, as pages say it, whichever spelling or DN was typed."""
        return shown_address(label_of(self.dn)) or self.login

    @property
    def has_page(self):
        return bool(self.kind)

    @property
    def is_above_users(self):
        """Whether this is somebody whose password opens more than the own mailbox."""
        return self.is_site_admin or bool(self.domains)

    def looks_after(self, domain):
        return self.is_site_admin or domain.lower() in map(str.lower, self.domains)

    @property
    def role(self):
        if self.is_site_admin:
            return "site admin"
        return "postmaster" if self.domains else "user"

    def kept(self):
        """As the session keeps it."""
        return asdict(self)

    @classmethod
    def restored(cls, kept):
        """The person that a session kept, or None where another release kept it."""
        try:
            return cls(**{**kept, "domains": tuple(kept["domains"])})
        except (KeyError, TypeError):
            return None


def dn_of_login(login):
    """The DN that a person means by what they typed, or None where it cannot be one."""
    text = login.strip()
    if not text or len(text) > MOST_LOGIN or not text.isprintable():
        return None
    # The local part of an address may hold a =, and a DN an @: only one below our tree is a DN.
    if is_below(text, settings.DIRECTORY_SUFFIX) or is_root(text):
        return text
    if "@" in text:
        local_part, _, domain = text.lower().rpartition("@")
        return address_dn(f"{local_part}@{spelt(domain)}")
    root = rdns_of(settings.DIRECTORY_ROOT_DN)
    if root and root[0][0][1] == text.lower():
        return settings.DIRECTORY_ROOT_DN
    return admin_dn(text)


def is_root(dn):
    return bool(rdns_of(dn)) and same_dn(dn, settings.DIRECTORY_ROOT_DN)


def spelt(domain):
    """In the directory's spelling. An old tree may hold what no new domain may be called."""
    try:
        return ascii_domain(domain)
    except ValueError:
        return domain.strip()


def sign_in(login, password, patience):
    """Binds as the person, and learns who that is: a Person and the policy's warning, or "".

    Raises WrongPassword, whose text says more only where slapd itself said more to this password.
    """
    dn = dn_of_login(login)
    if dn is None or not password:
        raise WrongPassword(WrongPassword.sentence)
    person = Person(dn=dn, login=login.strip())
    with acting_as(Identity(dn, password, patience, may_use_kept=False)):
        answer = answer_to_bind()
        if policy.was_last_time(answer):
            raise WrongPassword(policy.SENTENCES[policy.EXPIRED])
        if policy.demands_change(answer):
            # slapd answers no search now; the rest is learnt when the password is changed.
            return replace(person, must_change=True), policy.warning_of(answer)
        person, state = looked_up(person)
        connections[ALIAS].note_state(state)
        return person, policy.warning_of(answer)


def bind_now():
    """Asks slapd whether the password of the session is still right, on a page that asks no more.

    Raises WrongPassword.
    """
    connections[ALIAS].ensure_connection()


def answer_to_bind():
    """What the password policy says to a bind that succeeds. Raises WrongPassword."""
    try:
        connections[ALIAS].ensure_connection()
    except WrongPassword as error:
        said = policy.sentence_of(policy.answer_in(error))
        raise WrongPassword(said or WrongPassword.sentence) from None
    except Invalid:
        # No entry can have such a DN, and this is not told apart from a wrong password.
        raise WrongPassword(WrongPassword.sentence) from None
    return connections[ALIAS].policy_answer


def learnt(person):
    """The person as the directory shows them now: three searches in one round trip.

    Raises WrongPassword for an account that is switched off or marked for deletion, which an
    older directory still lets bind.
    """
    return looked_up(person)[0]


def looked_up(person):
    """The person, and what a bind as them rests on (see kept.state_in)."""
    base, subtree = ldap.SCOPE_BASE, ldap.SCOPE_SUBTREE
    posts_or_home, home = equals("roleOccupant", person.dn), home_of(person.dn)
    if home:
        # In the same search: the domain that the person's own entry lies in.
        posts_or_home = f"(|{posts_or_home}{equals('jvd', domain_in(person.dn))})"
    searches = [
        Lookup(settings.DIRECTORY_SITEADMINS_DN, base, equals("member", person.dn)),
        Lookup(settings.DIRECTORY_BASE_DN, subtree, posts_or_home),
        Lookup(person.dn, base, ANYTHING),
    ]
    attributes = [[NOTHING], FLAGS, ["structuralObjectClass", *FLAGS, *VERSION]]
    groups, found, own = connections[ALIAS].search_many(searches, attributes, MOST_DOMAINS)
    homes = {dn: values for dn, values in found[0] if same_dn(dn, home)}
    posts = [dn for dn, _ in found[0] if dn not in homes]
    # As slapd spells it: one person has one DN, whatever was typed.
    dn, values = own[0][0] if own[0] else (person.dn, {})
    if values.get("accountActive") == [b"FALSE"] or values.get("delete") == [b"TRUE"]:
        raise WrongPassword(WrongPassword.sentence)
    state = state_in([values], list(homes.values())) if home else state_in([values])
    return as_found(person, dn, values, groups[0], posts), state


def home_of(dn):
    """The domain that an entry lies in; "" for an administrator."""
    return domain_dn(domain_in(dn)) if is_below(dn, settings.DIRECTORY_BASE_DN) else ""


def as_found(person, dn, values, groups, posts):
    return replace(
        person,
        dn=dn,
        is_site_admin=bool(groups) or is_root(person.dn),
        domains=tuple(sorted({domain_in(dn) for dn in posts} - {""})),
        kind=KINDS.get(values.get("structuralObjectClass", [b""])[0], ""),
    )
