"""A slapd of one's own: starts, stops, keeps its entries, and says why it does not start."""

import os
import socket

import ldap
import pytest

from deploy.private_slapd import FORMS, PrivateSlapd, free_port
from deploy.programs import ProgramError

from .asking import Asked
from .cast import ALICE, SITE, world


def filled(folder, **options):
    slapd = PrivateSlapd(folder, SITE, fast=True, **options)
    slapd.load(f"{slapd.base_ldif}\n{world()}")
    return slapd


@pytest.mark.parametrize("form", FORMS)
def test_answers_on_both_listeners_below_a_folder_with_a_blank(tmp_path, form):
    with filled(tmp_path / "a site", form=form) as slapd:
        asked = Asked(slapd)

        assert asked.signed_in(ALICE).whoami_s() == f"dn:{ALICE}"
        assert asked.as_root().whoami_s() == f"dn:{slapd.site.slapd.root_identity}"
        assert (tmp_path / "a site/run/slapd.pid").read_text().strip() == str(slapd.pid)


def test_keeps_its_entries_and_its_port_over_a_restart(tmp_path):
    slapd = filled(tmp_path)
    with slapd:
        first = slapd.ldap_uri
    assert slapd.has_data

    with slapd:
        assert slapd.ldap_uri == first
        assert Asked(slapd).signed_in(ALICE)

    with PrivateSlapd(tmp_path, SITE, fast=True) as another:
        assert Asked(another).signed_in(ALICE)


def test_forgets_all_entries_when_told(tmp_path):
    slapd = filled(tmp_path)

    slapd.clear()

    assert not slapd.has_data
    slapd.load(slapd.base_ldif)


def test_is_gone_after_the_block(tmp_path):
    with filled(tmp_path) as slapd:
        pid = slapd.pid
    assert slapd.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(ldap.SERVER_DOWN):
        Asked(slapd).signed_in("")


def test_says_what_slapd_said_when_it_does_not_start(tmp_path):
    slapd = PrivateSlapd(tmp_path, SITE)
    slapd.config_path.write_text("database nonesuch\n")

    with pytest.raises(ProgramError, match="nonesuch"):
        slapd.start()
    assert slapd.pid is None


def test_says_that_the_port_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        slapd = PrivateSlapd(tmp_path, SITE, port=other.getsockname()[1])

        with pytest.raises(ProgramError, match="Address already in use"):
            slapd.start()


def test_does_not_touch_a_folder_that_another_one_uses(tmp_path):
    with filled(tmp_path) as first:
        with pytest.raises(ProgramError, match=f"process {first.pid}"):
            PrivateSlapd(tmp_path, SITE, port=free_port()).start()
        assert Asked(first).signed_in(ALICE)


def test_says_what_is_wrong_with_entries(tmp_path):
    slapd = PrivateSlapd(tmp_path, SITE)

    with pytest.raises(ProgramError, match="unrecognized objectClass 'nonesuch'"):
        slapd.load(f"dn: {SITE.suffix}\nobjectClass: nonesuch\n")


def test_nobody_else_reaches_its_folder(tmp_path):
    slapd = PrivateSlapd(tmp_path / "slapd", SITE)

    assert slapd.folder.stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_is_said_before_anything_is_written(tmp_path):
    folder = tmp_path / ("x" * 100)

    with pytest.raises(ProgramError, match="too long"):
        PrivateSlapd(folder, SITE)
    assert not folder.exists()
