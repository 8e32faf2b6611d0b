"""The numbers for Prometheus: right with two processes, for few eyes, and about nobody."""

import os
import re
import signal

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.beyond.copies import within
from tests.served import Served
from tests.world import word

LIST = "/domains/example.test/"
SEEN = ("vmail_requests_total", "200", "address-list")
KEPT = ("vmail_ldap_connections_kept",)
AWAY = ("vmail_ldap_servers_away",)


@pytest.fixture(scope="module")
def one_served(one_world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    numbers = {"VMAIL_METRICS": "127.0.0.1, 192.0.2.0/24", "VMAIL_PROXIES": "127.0.0.9"}
    with Served(folder, one_world.slapd.ldapi_uri, workers=2, threads=2, **numbers) as served:
        yield served


@pytest.fixture
def served(world, one_served):
    return one_served


def numbers(served):
    """{(name, the values of its labels in order): value}"""
    text = served.browser().get("/metrics").text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_two_processes_count_together(served):
    before = numbers(served)
    for _ in range(6):
        browser = served.browser().sign_in("pia@example.test", word("pia"))
        assert browser.get(LIST).status == 200
    after = numbers(served)

    def more(*key):
        return after[key] - before.get(key, 0)

    assert more(*SEEN) == 6
    assert more("vmail_request_seconds_count", "address-list") == 6
    assert more("vmail_sign_ins_total", "accepted") == 6
    assert more("vmail_ldap_operations_total", "bind") >= 6
    assert more("vmail_ldap_operations_total", "search") >= 6 * 4
    assert more("vmail_ldap_seconds_total", "search") > 0
    # Two processes of two threads, with at most two connections for each.
    assert 0 < after[KEPT] <= 2 * 2 * 2
    assert after[AWAY] == 0


def test_a_process_that_ends_takes_nothing_with_it_but_its_connections(served):
    page = served.browser().sign_in("pia@example.test", word("pia")).get(LIST)
    assert page.status == 200
    before, processes = numbers(served), served.workers()
    assert before[KEPT] > 0
    for pid in processes:
        os.kill(pid, signal.SIGTERM)
    assert within(60, lambda: len(served.workers()) == 2 and not processes & served.workers())

    after = numbers(served)
    assert after.get(KEPT, 0) == 0
    assert after[SEEN] == before[SEEN]


def test_a_server_that_is_back_is_away_no_longer_though_nobody_asks_for_a_page(world, tmp_path):
    both = f"{world.slapd.ldapi_uri} {world.slapd.ldap_uri}"
    with Served(tmp_path, both, workers=1, VMAIL_METRICS="127.0.0.1") as served:
        pia = served.browser().sign_in("pia@example.test", word("pia"))
        world.slapd.stop()
        try:
            assert pia.get(LIST).status == 503
            assert numbers(served)[AWAY] == 2
        finally:
            world.slapd.start()

        assert within(30, lambda: numbers(served)[AWAY] == 0)


def test_a_wrong_password_is_counted_as_refused(served):
    before = numbers(served).get(("vmail_sign_ins_total", "refused"), 0)
    served.browser().post("/sign-in/", login="pia@example.test", password="wrong")

    assert numbers(served)["vmail_sign_ins_total", "refused"] == before + 1


def test_no_label_is_about_anybody(served):
    pia = served.browser().sign_in("pia@example.test", word("pia"))
    pia.get("/accounts/alice@example.test/")
    pia.get("/nowhere/alice@example.test/")

    text = pia.get("/metrics").text
    assert not re.search(r"alice|pia|example|dc=|ldapi?:|/tmp", text)


def test_only_the_networks_that_are_named_may_read_them(one_world, tmp_path):
    elsewhere = {"VMAIL_METRICS": "192.0.2.0/24"}
    with Served(tmp_path, one_world.slapd.ldapi_uri, workers=1, **elsewhere) as served:
        assert served.browser().get("/metrics").status == 404
