"""Who a command acts as: a named person with a password, or root on slapd's own socket."""

import os
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import connections

from vmail_admin.command_line.asking import password_for
from vmail_admin.command_line.exits import Problem, Usage
from vmail_admin.directory.backend.router import ALIAS
from vmail_admin.directory.identity import Identity, UnixIdentity, acting_as
from vmail_admin.directory.person import Person, learnt, sign_in
from vmail_admin.directory.raw import rows_below

PATIENCE = 30  # seconds for signing in
LONGEST_ANSWER = 900  # seconds: a search through a large tree may take its time
NAME, PASSWORD = "VMAIL_BIND_NAME", "VMAIL_BIND_PASSWORD"
EXTERNAL = "EXTERNAL"


def add_options(parser):
    group = parser.add_argument_group("who does it, and where")
    group.add_argument(
        "-D",
        dest="bind_name",
        metavar="WHO",
        help=f"a site admin's name, an address or a DN (or {NAME})",
    )
    group.add_argument(
        "-y",
        dest="bind_file",
        metavar="FILE",
        help=f"the file whose first line is the password (or {PASSWORD}; else it is asked for)",
    )
    group.add_argument(
        "-Y",
        dest="bind_how",
        choices=[EXTERNAL],
        help="as the Unix user, on ldapi:/// (for root the default, without -D)",
    )
    group.add_argument(
        "-H",
        dest="bind_uri",
        metavar="URI",
        help="slapd's own socket, such as ldapi:///, whatever VMAIL_DIRECTORY_URI says",
    )


@contextmanager
def patient(uri):
    """Nobody waits for a page: inside this block, slapd at ``uri`` has longer for an answer."""
    wrapper = connections[ALIAS]
    before = wrapper.settings_dict
    # A copy: the dictionary itself is shared by all threads.
    longer = {**before["OPTIONS"], "timeout": LONGEST_ANSWER}
    if uri != before["NAME"]:
        longer["start_tls"] = False
    wrapper.settings_dict = {**before, "NAME": uri, "OPTIONS": longer}
    try:
        yield
    finally:
        wrapper.close()
        wrapper.settings_dict = before


@contextmanager
def bound(options):
    """Inside this block, LDAP is spoken as the person whom the options name. Yields a Person."""
    uri = uri_of(options)
    name = options["bind_name"] or os.environ.get(NAME, "")
    external = options["bind_how"] == EXTERNAL or (not name and is_root_at_home(uri))
    with patient(uri):
        if external:
            if options["bind_name"]:
                raise Usage("-Y EXTERNAL is the Unix user: it goes without -D.")
            with acting_as(UnixIdentity()) as identity:
                yield person_of(identity)
            return
        if not name:
            raise Usage(f"Say who does this: -D WHO, or {NAME}. Root on ldapi:/// needs neither.")
        password = password_for(f"Password of {name}", options["bind_file"], PASSWORD)
        person, _ = sign_in(name, password, PATIENCE)
        if person.must_change:
            raise Problem("Choose a new password in the panel first: the directory asks for it.")
        with acting_as(Identity(person.dn, password)):
            yield person


def uri_of(options):
    """Which slapd. Another machine's is named in the settings, which refuse one in clear text."""
    uri = options["bind_uri"]
    if uri and not uri.startswith("ldapi:"):
        raise Usage("-H is for slapd's own socket, ldapi:; see VMAIL_DIRECTORY_URI for another.")
    return uri or connections[ALIAS].settings_dict["NAME"]


def is_root_at_home(uri):
    """Whether this is root, and slapd on this machine's own socket."""
    return os.geteuid() == 0 and uri.startswith("ldapi:")


def person_of(identity):
    """Whom slapd takes the Unix user for. Raises what slapd refuses.

    slapd's rootdn stands in no group. It is known by what it may read, as nobody else may: who is
    in the group of site admins.
    """
    connections[ALIAS].ensure_connection()
    person = learnt(Person(dn=identity.dn, login="root"))
    group = rows_below(settings.DIRECTORY_SITEADMINS_DN, ["member"])
    sees_all = any(values.get("member") for _, values in group)
    return replace(person, is_site_admin=person.is_site_admin or sees_all)
