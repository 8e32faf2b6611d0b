"""Rows of a list are selected, and one thing is done to all of them; each one's result is told."""

import csv
import io
import re

import pytest
from django.db import connection

from accounts.bulk.models import Job
from domains.managed import NO_ACCOUNTS
from tests.bulk.steps import SELECTED, chosen, started, url_of, worked
from tests.crowd import NAMES, add_crowd
from tests.pages import errors_of, messages_of
from tests.test_old_trees import add_people
from tests.world import ALEX, ALICE, DORA, EXAMPLE, PIA, POST, word
from vmail_admin.journal.models import Row

LIST = "/domains/example.test/"


@pytest.fixture(autouse=True)
def no_jobs(world):
    Job.objects.all().delete()


def said(page):
    """What is told of each row, by its address."""
    rows = worked_rows(page)
    return {row["cells"][0]["text"]: " ".join(row["says"]) for row in rows}


def worked_rows(page):
    return page.context["table"]["rows"]


def test_a_refusal_in_one_row_does_not_stop_the_others(pia, world):
    mails = ["alice@example.test", "pia@example.test", "postmaster@example.test"]

    page = chosen(pia, "switch-off", *mails, "alex@example.test")

    assert page.context["effects"] == ["2 addresses switched off.", "2 refused: see why for each."]
    assert [world.value(dn, "accountActive") for dn in (ALICE, ALEX, PIA)] == [
        *("FALSE", "FALSE", "TRUE")
    ]
    assert "This is you" in said(page)["pia@example.test"]
    assert "RFC 2142" in said(page)["postmaster@example.test"]


def test_a_refusal_of_slapd_is_told_at_its_row(otto, world):
    """Otto may not delete accounts: slapd's rules say so, and the page why."""
    answer = otto.post(
        "/domains/other.test/selected/", {"act": "delete", "mail": ["carol@other.test"]}
    )
    page = otto.get(answer.url)
    assert page.context["effects"] == [f"{NO_ACCOUNTS} They stay as they are."]
    page = started(otto, page)

    assert said(page)["carol@other.test"] == NO_ACCOUNTS
    assert (
        world.value(
            "mail=carol@other.test,jvd=other.test,o=hosting,dc=myhosting,dc=example", "delete"
        )
        == "FALSE"
    )


def test_switching_on_again(pia, world):
    page = chosen(pia, "switch-on", "dora@example.test", "alice@example.test")

    assert page.context["counts"]["made"] == 2
    assert world.value(DORA, "accountActive") == "TRUE"


def test_deleting_asks_first_with_the_effect_in_numbers_and_keeps_the_reason(pia, world):
    page = chosen(pia, "delete", "alice@example.test", "alex@example.test")
    assert world.value(ALICE, "delete") == "FALSE"
    assert "1 account can no longer sign in" in page.context["effects"][0]
    assert page.context["effects"][1] == "1 alias is gone at once."

    pia.post(f"{url_of(page)}start/", {"why": "They left"})

    page = worked(pia, url_of(page))
    assert page.context["counts"]["made"] == 2
    assert world.value(ALICE, "delete") == "TRUE"
    assert world.entry(ALEX) is None
    job = page.context["job"]
    assert set(Row.objects.filter(batch=job.batch).values_list("why", flat=True)) == {"They left"}


def test_deleted_and_restored(pia, world):
    started(pia, chosen(pia, "delete", "alice@example.test"))

    page = chosen(pia, "restore", "alice@example.test", "dora@example.test")

    assert world.value(ALICE, "delete") == "FALSE"
    assert "not marked" in said(page)["dora@example.test"]


def test_who_was_switched_off_before_stays_so(pia, world):
    world.change(ALICE, accountActive="FALSE")
    started(pia, chosen(pia, "delete", "alice@example.test"))

    chosen(pia, "restore", "alice@example.test")

    assert (world.value(ALICE, "delete"), world.value(ALICE, "accountActive")) == ("FALSE", "FALSE")


def test_a_deletion_is_taken_back_as_one(pia, world):
    before = {dn: world.entry(dn, "mail", "maildrop", "delete") for dn in (ALICE, ALEX)}
    page = started(pia, chosen(pia, "delete", "alice@example.test", "alex@example.test"))

    back = worked(pia, pia.post(f"{url_of(page)}undo/").url)

    assert back.context["effects"] == ["2 taken back."]
    assert {dn: world.entry(dn, "mail", "maildrop", "delete") for dn in (ALICE, ALEX)} == before


def test_nobody_is_appointed_who_is_marked_for_deletion(pia, world):
    world.change(DORA, delete="TRUE")

    page = started(pia, chosen(pia, "appoint", "alice@example.test", "dora@example.test"))

    assert "is marked for deletion: restore it first." in said(page)["dora@example.test"]
    assert ALICE in world.entry(POST)["roleOccupant"]
    assert DORA not in world.entry(POST)["roleOccupant"]


def test_an_alias_that_comes_back_without_its_password_is_told(pia, world):
    pia.post("/aliases/alex@example.test/password/", {"new_password": "a first password of alex"})
    page = started(pia, chosen(pia, "delete", "alex@example.test", "alice@example.test"))

    back = worked(pia, pia.post(f"{url_of(page)}undo/").url)

    assert "Not everything is as it was" in back.context["effects"][1]
    says = {row["cells"][0]["text"]: row["says"] for row in worked_rows(back)}
    assert "Its password is gone" in says["alex@example.test"][0]
    assert says["alice@example.test"] == ["taken back"]


def test_a_quota_for_several(pia, world):
    page = chosen(pia, "quota", "alice@example.test", "dora@example.test", "alex@example.test")
    url = url_of(page)

    pia.post(f"{url}start/", {"quota": "3 GB"})

    page = worked(pia, url)
    assert [world.value(dn, "quota") for dn in (ALICE, DORA)] == ["3000000000S"] * 2
    assert "Only an account" in said(page)["alex@example.test"]


def test_a_quota_that_makes_no_sense_is_said_at_the_field_and_nothing_is_lost(pia, world):
    mails = [f"{(n * 7919) % 1000:03}.x{n}@example.test" for n in range(120)]
    add_crowd(world, 120)
    url = url_of(chosen(pia, "quota", *mails))

    page = pia.post(f"{url}start/", {"quota": "3 lots"})

    assert page.status_code == 200
    assert "number and a unit" in errors_of(page, "quota")
    text = page.content.decode()
    field = re.search(r'<input[^>]*name="quota"[^>]*>', text)[0]
    assert 'value="3 lots"' in field and 'aria-invalid="true"' in field
    assert messages_of(page) == []
    # What was selected is still there, and every way from here is one that can be gone.
    assert page.context["job"].stage == "ready" and page.context["job"].rows == 120
    assert f'href="{url}?page=2"' in text
    assert len(worked_rows(pia.get(f"{url}?page=2"))) == 20
    pia.post(f"{url}start/", {"quota": "3 GB"})
    assert worked(pia, url).context["counts"]["made"] == 120


def test_appointing_several(pia, world):
    started(pia, chosen(pia, "appoint", "alice@example.test"))

    assert ALICE in world.entry(POST, "roleOccupant")["roleOccupant"]


def test_new_passwords_are_handed_out_once_and_open(pia, world):
    page = started(pia, chosen(pia, "passwords", "alice@example.test", "pia@example.test"))

    table = pia.post(f"{url_of(page)}passwords/").getvalue().decode("utf-8-sig")
    [_, (mail, password)] = csv.reader(io.StringIO(table))
    assert mail == "alice@example.test"
    assert world.accepts(ALICE, password)
    assert world.accepts(PIA, word("pia"))


def test_passwords_are_not_handed_out_while_somebody_is_at_them(pia, world):
    page = started(pia, chosen(pia, "passwords", "alice@example.test"))
    Job.objects.update(stage="greeting")

    assert pia.post(f"{url_of(page)}passwords/").url == url_of(page)
    Job.objects.update(stage="done")
    assert "alice@example.test" in pia.post(f"{url_of(page)}passwords/").getvalue().decode()


def test_passwords_that_could_not_be_handed_out_are_still_there(pia, world):
    page = started(pia, chosen(pia, "passwords", "alice@example.test"))
    pia.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full BEFORE UPDATE OF handed_out ON bulk_job "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        try:
            assert pia.post(f"{url_of(page)}passwords/").status_code == 500
        finally:
            cursor.execute("DROP TRIGGER full")

    table = pia.post(f"{url_of(page)}passwords/").getvalue().decode("utf-8-sig")
    [_, (_, password)] = csv.reader(io.StringIO(table))
    assert world.accepts(ALICE, password)


def test_nobody_gets_a_sign_in_that_there_was_not(pia, world):
    """Whoever selects all addresses means the people, and not each alias as well."""
    pia.post("/aliases/alex@example.test/password/", {"new_password": "a first password of alex"})
    pia.post(
        "/domains/example.test/aliases/new/", {"local_part": "team", "destinations": "a@b.test"}
    )
    wanted = ("alex@example.test", "team@example.test", "pia@example.test")
    page = chosen(pia, "passwords", *wanted)
    assert "nobody signs in as the others" in page.context["effects"][-1]

    told = said(started(pia, page))

    assert set(told) == {"team@example.test", "pia@example.test"}
    assert "not known to have a password" in told["team@example.test"]
    assert "change your password" in told["pia@example.test"]
    assert "userPassword" not in world.entry(f"mail=team@example.test,{EXAMPLE}")


@pytest.mark.parametrize("act", ["appoint", "passwords", "switch-on"])
def test_who_is_marked_for_deletion_is_restored_first(pia, world, act):
    world.change(ALICE, accountActive="FALSE", delete="TRUE")

    page = started(pia, chosen(pia, act, "alice@example.test"))

    assert "restore it first" in said(page)["alice@example.test"]


def test_all_that_match_are_meant_and_asked_for_first(pia, world):
    add_crowd(world, 60)
    fields = {"act": "switch-off", "all": "yes", "search": "zoe", "kind": "accounts"}

    page = pia.get(pia.post(SELECTED, fields).url)

    wanted = {f"{(n * 7919) % 1000:03}.x{n}@example.test" for n in range(0, 60, len(NAMES))}
    assert page.context["job"].stage == "ready"
    assert page.context["button"] == f"Switch off {len(wanted)} addresses"
    page = started(pia, page)
    assert set(said(page)) == wanted
    for mail in wanted:
        assert world.value(f"mail={mail},{EXAMPLE}", "accountActive") == "FALSE"
    assert world.value(ALICE, "accountActive") == "TRUE"


def test_all_without_a_search_leaves_out_what_is_pinned(pia, world):
    page = pia.get(pia.post(SELECTED, {"act": "delete", "all": "yes"}).url)

    mails = {row["cells"][0]["text"] for row in worked_rows(page)}
    assert "alice@example.test" in mails and "alex@example.test" in mails
    assert not {mail for mail in mails if mail.split("@")[0] in ("", "abuse", "postmaster")}


@pytest.mark.parametrize("search", ["", "example"])
def test_all_that_match_are_those_of_the_list_in_an_old_tree_too(rita, world, search):
    """What stands in an ou= is found by the search of the whole server, and is in no list."""
    add_people(world)
    listed = {row.mail for row in rita.get(LIST, {"search": search}).context["page"].rows}
    fields = {"act": "switch-off", "all": "yes", "search": search}

    page = rita.get(rita.post(SELECTED, fields).url)

    assert {row["cells"][0]["text"] for row in worked_rows(page)} == listed
    assert listed and "nora@example.test" not in listed


def test_only_what_is_in_the_domain_can_be_chosen(pia, world):
    before = world.versions()

    answer = pia.post(SELECTED, {"act": "switch-off", "mail": ["carol@other.test"]}, follow=True)

    assert messages_of(answer) == ["Select one row or more first."]
    assert world.versions() == before


def test_the_list_has_boxes_that_work_without_a_script(pia):
    page = pia.get(LIST).content.decode()

    assert 'name="mail" value="alice@example.test" form="chosen"' in page
    assert 'value="postmaster@example.test" form="chosen"' not in page
    assert '<form id="chosen"' in page


def test_an_unknown_act_is_not_found(pia):
    assert pia.post(SELECTED, {"act": "explode", "mail": ["alice@example.test"]}).status_code == 404
