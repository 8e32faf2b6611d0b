"""The steps of a job: two tabs at once, a worker that is killed, a directory that goes away."""

import datetime as dt
import http.client
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.bulk.acts import act_on
from accounts.bulk.jobs import HASHED, undo_some
from accounts.bulk.models import Job, Part
from accounts.imports.applying import add_rows
from tests.beyond.copies import within
from tests.bulk.steps import IMPORT, chosen, imported, job_of, one_step, started, url_of, worked
from tests.pages import messages_of
from tests.served import Served
from tests.world import ALICE, EXAMPLE, word
from vmail_admin.directory.errors import NotAnswering

ROWS = 600


@pytest.fixture(autouse=True)
def no_jobs(world):
    Job.objects.all().delete()


def a_table(count):
    return "mail,name\n" + "".join(f"user{n:04},User {n}\n" for n in range(count))


def test_a_part_is_taken_by_one_only_until_its_time_is_over(pia, world):
    page = imported(pia, a_table(3))
    job = job_of(page)
    job.go_on("running", "ready")
    part = job.part_set.get()

    assert part.take("running") is True
    assert Part.objects.get().take("running") is False
    assert one_step(pia, url_of(page)).json()["passed"] == 0
    Part.objects.update(busy_until=timezone.now() - dt.timedelta(seconds=1))
    assert one_step(pia, url_of(page)).json()["stage"] == "done"
    assert world.value(f"mail=user0002@example.test,{EXAMPLE}", "cn") == "User 2"


def test_a_step_after_the_work_does_nothing(pia, world):
    page = chosen(pia, "switch-off", "alice@example.test")
    world.change(ALICE, accountActive="TRUE")

    assert one_step(pia, url_of(page)).json()["stage"] == "done"
    assert world.value(ALICE, "accountActive") == "TRUE"


def test_without_a_script_a_button_goes_on(pia, world):
    answer = pia.post(IMPORT, {"kind": "accounts", "pasted": a_table(2000), "passwords": "none"})
    assert b"Continue" in pia.get(answer.url).content

    assert pia.post(f"{answer.url}step/").url == answer.url


def test_where_the_directory_goes_away_the_next_step_goes_on(pia, world, monkeypatch):
    page = imported(pia, a_table(30))
    url = url_of(page)

    def away(*_, **__):
        raise NotAnswering(NotAnswering.sentence)

    with monkeypatch.context() as patched:
        patched.setattr("accounts.bulk.jobs.add_rows", away)
        page = pia.post(f"{url}start/", follow=True)
        assert "What is done so far is kept" in messages_of(page)[0]
        assert one_step(pia, url).status_code == 503
        assert "What is done" in messages_of(pia.post(f"{url}step/", follow=True))[0]
        assert pia.get(url).context["job"].stage == "running"

    page = worked(pia, url)
    assert page.context["counts"]["made"] == 30


FOUR_WORDS = "four simple words"
NO_TIME = -1  # seconds: one row is worked on all the same, or nothing would ever be done


def test_a_step_ends_in_the_middle_of_a_part_and_the_next_goes_on_there(pia, world, monkeypatch):
    """On a slow disk a whole part would take longer than slapd is waited for, again and again."""
    page, behind = imported(pia, a_table(12)), []
    job = job_of(page)

    def in_no_time(rows, kind, tried_since, seconds):
        assert seconds > 0 and tried_since is None
        behind.append(Job.objects.get(pk=job.pk).counts()["passed"])
        return add_rows(rows, kind, tried_since, NO_TIME)

    monkeypatch.setattr("accounts.bulk.jobs.add_rows", in_no_time)
    page = started(pia, page)

    assert job.part_set.count() == 1
    assert behind == list(range(12))
    assert page.context["effects"] == ["12 added."]


def test_a_step_looks_at_the_clock_between_a_few_passwords(pia, world, monkeypatch):
    """The hash of a password is meant to be slow, and a busy machine makes it slower."""
    page, sizes = imported(pia, a_table(12), passwords="generate"), []

    def counted(rows, kind, tried_since, seconds):
        sizes.append(len(rows))
        return add_rows(rows, kind, tried_since, seconds)

    monkeypatch.setattr("accounts.bulk.jobs.add_rows", counted)
    page = started(pia, page)

    assert job_of(page).part_set.count() == 1
    assert max(sizes) == HASHED
    assert page.context["counts"]["waiting"] == 12


def test_passwords_that_come_in_a_later_step_are_not_forgotten(pia, world, monkeypatch):
    given = f"mail,password\none,\ntwo,{FOUR_WORDS}\nthree,\nfour,{FOUR_WORDS}\n"
    page = imported(pia, given, passwords="generate")
    monkeypatch.setattr("accounts.bulk.jobs.add_rows", in_no_time)

    page = started(pia, page)

    handed = pia.post(f"{url_of(page)}passwords/").getvalue().decode("utf-8-sig")
    passwords = dict(line.split(",") for line in handed.split()[1:])
    assert set(passwords) == {"one@example.test", "three@example.test"}
    words = passwords | dict.fromkeys(("two@example.test", "four@example.test"), FOUR_WORDS)
    for mail, password in words.items():
        assert world.accepts(f"mail={mail},{EXAMPLE}", password)


def in_no_time(rows, kind, tried_since, _):
    return add_rows(rows, kind, tried_since, NO_TIME)


def test_what_is_done_to_rows_and_taken_back_stops_in_time_too(pia, world, monkeypatch):
    monkeypatch.setattr("accounts.bulk.jobs.TOGETHER", 1)
    monkeypatch.setattr("accounts.bulk.jobs.act_on", cut_short(act_on))
    mails = [f"{name}@example.test" for name in ("alice", "alex", "bob+news")]

    page = chosen(pia, "switch-off", *mails)

    assert page.context["effects"] == ["3 addresses switched off."]
    monkeypatch.setattr("accounts.bulk.jobs.undo_some", cut_short(undo_some))
    back = worked(pia, pia.post(f"{url_of(page)}undo/").url)
    assert back.context["effects"] == ["3 taken back."]
    assert world.value(ALICE, "accountActive") == "TRUE"


def cut_short(work):
    """The same work, which has no time: it stops after the first row, and says so."""

    def worked_on(rows, *wishes, **beside):
        left = sum(row.is_good for row in rows)
        finished = work(rows, *wishes[:-1], NO_TIME, **beside)
        assert sum(row.is_good for row in rows) == left - 1
        assert finished is (left == 1)
        return finished

    return worked_on


def steps(browser, url, most=200):
    """Posts steps until the stage is another; what was answered."""
    for _ in range(most):
        answer = browser.post(f"{url}step/")
        assert answer.status in (302, 503), answer.text
        if "data-work" not in browser.get(url).text:
            return
        time.sleep(0.1)  # what a killed worker had taken is free again after some seconds
    raise AssertionError("The work does not end.")


def children_of(process):
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def test_two_tabs_and_killed_workers_add_every_row_once(world, tmp_path):
    """The browser's cookies live on, and so does the work: each row is there, and added once."""
    with Served(tmp_path, world.slapd.ldapi_uri) as panel:
        first = panel.browser().sign_in("pia@example.test", word("pia"))
        second = panel.browser()
        second.cookies = first.cookies
        fields = {"kind": "accounts", "pasted": a_table(ROWS), "passwords": "none"}
        url = first.post(IMPORT, **fields).headers["Location"]
        steps(first, url)
        assert f"Add the {ROWS} good ones" in first.get(url).text

        starting = threading.Thread(target=cut_off, args=(first, f"{url}start/"))
        starting.start()
        assert within(60, lambda: added(world)), "it never began"
        for pid in children_of(panel.process):
            os.kill(pid, signal.SIGKILL)
        starting.join()
        tabs = [threading.Thread(target=steps, args=(tab, url)) for tab in (first, second)]
        until_it_answers(first, url)
        until_it_answers(second, url)
        for tab in tabs:
            tab.start()
        for tab in tabs:
            tab.join()

        page = first.get(url).text
        assert f"{ROWS} added." in page
        assert "refused" not in page
    assert added(world) == {f"User {n}" for n in range(ROWS)}


def added(world):
    """The names of those that the table has brought so far."""
    root = world.root()
    found = root.search_s(EXAMPLE, 1, "(mail=user*)", ["cn"])
    root.unbind_s()
    return {values["cn"][0].decode() for _, values in found}


def cut_off(browser, url):
    """Asks, and does not mind to get no answer."""
    with suppress(OSError, http.client.HTTPException):
        browser.post(url)


def until_it_answers(browser, url, most=50):
    for _ in range(most):
        try:
            return browser.get(url)
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise AssertionError("The panel does not come back.")
