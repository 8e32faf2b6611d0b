"""One slapd for each profile and form; each probe finds it as it was at the beginning."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from deploy.private_slapd import FORMS, PrivateSlapd
from tests.access.client import Server
from tests.access.people import SITA, everybody, quick_to_ask
from tests.deploy.cast import SITE, former_admin


def started(folder, access, form):
    passwords = replace(SITE.passwords, max_failures=5)
    site = replace(SITE, access=access, passwords=passwords)
    slapd = PrivateSlapd(folder, site, form=form, fast=True)
    more = ""
    if access == "strict":
        more = former_admin()
    slapd.load(quick_to_ask(f"{with_sita(slapd.base_ldif)}\n{more}{everybody()}"))
    return slapd


def with_sita(base_ldif):
    """A site administrator who has an ordinary address besides."""
    member = f"member: cn=admin,{SITE.admins}\n"
    return base_ldif.replace(member, f"{member}member: {SITA}\n")


@pytest.fixture(scope="session")
def at_work(tmp_path_factory):
    """Gives the slapd of a profile and a form, which is started when it is first wanted."""
    running = {}
    with ExitStack() as stack:

        def server(access, form):
            if (access, form) not in running:
                slapd = started(tmp_path_factory.mktemp(access), access, form)
                running[access, form] = Server(stack.enter_context(slapd))
            return running[access, form]

        yield server


def put_right(server):
    try:
        yield server
    finally:
        server.restore()


@pytest.fixture(params=FORMS)
def strict(request, at_work):
    yield from put_right(at_work("strict", request.param))


@pytest.fixture(params=FORMS)
def howto(request, at_work):
    yield from put_right(at_work("howto", request.param))
