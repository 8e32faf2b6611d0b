"""Lists on a slapd that does not sort, or has no room for one more sorted list."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import connections

from deploy.private_slapd import PrivateSlapd
from deploy.site import Site
from tests.crowd import add_crowd, load_cast_and_crowd
from tests.test_pages import PEOPLE, TOTAL, accounts, every_page
from tests.world import PIA, POST, word
from vmail_admin.directory import pages
from vmail_admin.directory.backend.kept import KEPT
from vmail_admin.directory.identity import Identity, acting_as
from vmail_admin.directory.pages import page_of


def pia():
    return acting_as(Identity(PIA, word("pia")))


@pytest.fixture
def plain_slapd(tmp_path, panel_at):
    """slapd as Debian installs it: no sssvlv overlay."""
    slapd = PrivateSlapd(tmp_path / "slapd", Site(), fast=True)
    lines = slapd.config_path.read_text().splitlines(keepends=True)
    slapd.config_path.write_text("".join(line for line in lines if "sssvlv" not in line))
    load_cast_and_crowd(slapd, PEOPLE)
    with slapd:
        panel_at(slapd.ldapi_uri)
        yield slapd


@pytest.fixture
def narrow_slapd(tmp_path, panel_at):
    """slapd that keeps a single sorted list for everybody."""
    site = Site()
    site = replace(site, slapd=replace(site.slapd, sssvlv_max=1))
    slapd = PrivateSlapd(tmp_path / "slapd", site, fast=True)
    load_cast_and_crowd(slapd, PEOPLE)
    with slapd:
        panel_at(slapd.ldapi_uri)
        yield slapd


def test_a_slapd_that_does_not_sort_gives_the_same_pages(plain_slapd, world, panel_at):
    with pia():
        assert not connections["directory"].has_list_views()
        sorted_here = [every_page(order) for order in ("address", "-changed")]
    add_crowd(world, PEOPLE)
    panel_at()
    with pia():
        assert connections["directory"].has_list_views()
        assert [every_page(order) for order in ("address", "-changed")] == sorted_here


def test_a_long_list_there_is_cut_and_says_so(plain_slapd, monkeypatch):
    monkeypatch.setattr(pages, "MOST_WITHOUT_LIST_VIEWS", 20)
    with pia():
        page = page_of(accounts(), 1, "address", 10)

    assert page.cut
    assert (page.total, len(page.rows)) == (20, 10)


def test_a_slapd_that_sorts_no_longer_is_noticed(plain_slapd):
    """The panel still believes what slapd said before it was set up anew."""
    connections["directory"]._knows_list_views = True
    with pia():
        assert page_of(accounts(), 1, "address", 10).total == TOTAL
        assert not connections["directory"].has_list_views()


@contextmanager
def somebody_holds_the_only_list(slapd):
    """Another thread of the panel is in the middle of a request."""
    taken, over = threading.Event(), threading.Event()

    def hold():
        wrapper = connections["directory"]
        wrapper.settings_dict = {**wrapper.settings_dict, "NAME": slapd.ldapi_uri}
        with pia():
            page_of(accounts(), 1, "address")
            taken.set()
            over.wait(60)
        wrapper.close()

    other = threading.Thread(target=hold)
    other.start()
    assert taken.wait(60)
    yield
    over.set()
    other.join()


def test_when_slapd_has_no_room_for_one_more_list_the_panel_sorts(narrow_slapd, caplog):
    with pia():
        sorted_there = page_of(accounts(), 2, "address", 10).rows
    connections["directory"].close()
    assert not caplog.records
    with somebody_holds_the_only_list(narrow_slapd), pia():
        assert page_of(accounts(), 2, "address", 10).rows == sorted_there

    assert "sssvlv-max" in caplog.text
    with pia():
        assert connections["directory"].has_list_views()


def test_lists_that_rest_make_room_for_those_that_are_wanted(narrow_slapd, caplog):
    """A connection that is kept for its person holds its list, so that the next one finds none."""
    connections["directory"].settings_dict["OPTIONS"]["keep_bound"] = 60
    for dn, name in ((PIA, "pia"), (POST, "post")):
        with acting_as(Identity(dn, word(name))):
            page_of(accounts(), 1, "address")
    assert "sssvlv-max" in caplog.text
    caplog.clear()
    wait_until_slapd_has_closed(narrow_slapd)
    with acting_as(Identity(POST, word("post"))):
        page_of(accounts(), 1, "address")

    assert not caplog.records
    KEPT.clear()


def wait_until_slapd_has_closed(slapd, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        log = slapd.log_path.read_text()
        if log.count(" ACCEPT ") - log.count(" closed") <= 1:
            return
        time.sleep(0.02)
    raise AssertionError("connections stay open")
