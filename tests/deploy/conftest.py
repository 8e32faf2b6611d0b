"""A slapd on the emitted files: strict and howto, from slapd.conf and from cn=config."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from deploy.private_slapd import FORMS, PrivateSlapd
from tests.deploy.asking import Asked
from tests.deploy.cast import SITE, former_admin, world


def prepared(folder, access, form):
    slapd = PrivateSlapd(folder, replace(SITE, access=access), form=form, fast=True)
    more = former_admin() if access == "strict" else ""
    slapd.load(f"{slapd.base_ldif}\n{more}{world()}")
    return slapd


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """Asks the slapd of a profile and a form, which is started when it is first wanted."""
    started = {}
    with ExitStack() as stack:

        def asked(access, form):
            if (access, form) not in started:
                slapd = prepared(tmp_path_factory.mktemp(access), access, form)
                started[access, form] = Asked(stack.enter_context(slapd))
            return started[access, form]

        yield asked


@pytest.fixture(params=FORMS)
def strict(request, running):
    return running("strict", request.param)


@pytest.fixture(params=FORMS)
def howto(request, running):
    return running("howto", request.param)


@pytest.fixture(params=[(access, form) for access in ("strict", "howto") for form in FORMS])
def either(request, running):
    return running(*request.param)


@pytest.fixture(params=FORMS)
def fresh(request, tmp_path):
    """A strict slapd of one's own, for a test that changes what is in it."""
    with prepared(tmp_path / "slapd", "strict", request.param) as slapd:
        yield Asked(slapd)
