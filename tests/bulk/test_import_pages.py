"""A table through the pages: checked, previewed, applied or not, and taken back."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.bulk.models import KEPT, Job, Part
from tests.bulk.steps import IMPORT, imported, in_database, job_of, started, url_of, worked
from tests.pages import errors_of, messages_of
from tests.world import EXAMPLE, PIA, word
from vmail_admin.journal.models import Row

THREE = "mail,name,password\nnora,Nora Nash,\nalice,Taken,\nbo,Bo,four simple words\n"


def dn(name):
    return f"mail={name}@example.test,{EXAMPLE}"


@pytest.fixture(autouse=True)
def no_jobs(world):
    Job.objects.all().delete()


def test_the_preview_says_what_would_happen_to_every_row_and_does_nothing(pia, world):
    before = world.versions()

    page = imported(pia, THREE, passwords="generate")

    assert page.context["effects"] == [
        "2 accounts would be added.",
        "1 row cannot be added: see what is wrong with each.",
    ]
    [row] = page.context["table"]["rows"]
    assert row["line"] == 3
    assert row["cells"][0]["problems"] == ["alice@example.test is taken already."]
    says = [row["says"] for row in pia.get(f"{url_of(page)}?show=all").context["table"]["rows"]]
    assert says == [["is added, with a new password"], ["is not added"], ["is added"]]
    assert world.versions() == before


def test_the_good_ones_are_added_and_the_passwords_handed_out_once(pia, world):
    page = started(pia, imported(pia, THREE, passwords="generate"))

    assert page.context["effects"] == ["2 added.", "1 left out, as the preview said."]
    table = pia.post(f"{url_of(page)}passwords/").getvalue().decode("utf-8-sig")
    [_, (mail, password)] = csv.reader(io.StringIO(table))
    assert mail == "nora@example.test"
    assert world.accepts(dn("nora"), password)
    assert world.accepts(dn("bo"), "four simple words")
    again = pia.post(f"{url_of(page)}passwords/", follow=True)
    assert "handed out already" in messages_of(again)[0]
    assert password not in again.content.decode()


def test_passwords_that_nobody_has_fetched_yet_are_told_of(pia):
    page = started(pia, imported(pia, "mail\nnora\nbo\n", passwords="generate"))

    assert "done; 2 new passwords wait for you" in pia.get(IMPORT).content.decode()
    pia.post(f"{url_of(page)}passwords/").getvalue()
    assert "for you" not in pia.get(IMPORT).content.decode()


def test_nothing_is_added_where_nothing_is_wished(pia, world):
    page, before = imported(pia, THREE), world.versions()

    answer = pia.post(f"{url_of(page)}discard/", follow=True)

    assert messages_of(answer) == ["Nothing was changed."]
    assert world.versions() == before
    assert not Job.objects.exists() and not Part.objects.exists()


def test_a_whole_import_is_taken_back(pia, world):
    table = "mail,goto\none,a@b.test\ntwo,a@b.test\n"
    aliases = started(pia, imported(pia, table, "aliases"))
    accounts = started(pia, imported(pia, "mail\nnora\n"))

    backs = [worked(pia, pia.post(f"{url_of(page)}undo/").url) for page in (aliases, accounts)]

    marked = "New accounts, which may hold mail by now, are marked for deletion."
    assert backs[0].context["effects"] == ["2 taken back."]
    assert backs[1].context["effects"] == ["1 taken back.", marked]
    assert world.entry(dn("one")) is None and world.entry(dn("two")) is None
    assert world.value(dn("nora"), "delete") == "TRUE"


def test_taking_back_is_offered_as_long_as_there_is_something(pia, world):
    pages = [
        started(pia, imported(pia, f"mail,goto\n{name},a@b.test\nx{name},a@b.test\n", "aliases"))
        for name in ("one", "two")
    ]
    world.change(dn("two"), maildrop="other@b.test")

    all_of_it, part_of_it = [f"{url_of(page)}undo/" for page in pages]
    for undo in (all_of_it, part_of_it):
        worked(pia, pia.post(undo).url)

    offered = [pia.get(url_of(page)).content.decode() for page in pages]
    assert all_of_it not in offered[0] and part_of_it in offered[1]
    assert messages_of(pia.post(all_of_it, follow=True)) == ["There is nothing to take back."]


def test_what_a_killed_worker_left_open_is_taken_back_with_the_rest(pia, world, monkeypatch):
    """Its rows in the journal do not say that they were made: the entries do."""
    page = imported(pia, "mail\n" + "".join(f"user{n}\n" for n in range(120)))
    page = started_and_killed(pia, page, monkeypatch)
    of_it = Row.objects.filter(batch=job_of(page).batch)
    assert of_it.unfinished().count() == 120

    back = worked(pia, pia.post(f"{url_of(page)}undo/").url)

    assert back.context["effects"][0] == "120 taken back."
    assert not of_it.unfinished().exists()
    assert {world.value(dn(f"user{n}"), "delete") for n in range(120)} == {"TRUE"}


def started_and_killed(client, page, monkeypatch):
    """Everything is added, and the journal is told of nothing."""
    with monkeypatch.context() as killed:
        killed.setattr("vmail_admin.journal.keeping.settle_together", lambda rows: None)
        return started(client, page)


def test_of_aliases_left_open_only_those_go_that_nobody_changed(pia, world, monkeypatch):
    table = "mail,goto\none,a@b.test\ntwo,a@b.test\n"
    page = started_and_killed(pia, imported(pia, table, "aliases"), monkeypatch)
    world.change(dn("two"), maildrop="other@b.test")

    back = worked(pia, pia.post(f"{url_of(page)}undo/").url)

    assert back.context["effects"][:2] == ["1 taken back.", "1 refused: see why for each."]
    assert world.entry(dn("one")) is None
    assert world.value(dn("two"), "maildrop") == "other@b.test"


def test_what_somebody_changed_since_is_not_taken_back(pia, world):
    page = started(pia, imported(pia, "mail,goto\none,a@b.test\ntwo,a@b.test\n", "aliases"))
    world.change(dn("two"), maildrop="other@b.test")

    back = worked(pia, pia.post(f"{url_of(page)}undo/").url)

    assert (back.context["counts"]["made"], back.context["counts"]["refused"]) == (1, 1)
    assert "changed again since" in str(back.context["table"]["rows"])
    assert world.value(dn("two"), "maildrop") == "other@b.test"


def test_no_password_and_no_row_lies_open_in_the_database(pia, world):
    # A name of its own: what other tests journal may lie in the database's log yet.
    page = imported(pia, THREE.replace("Nora Nash", "Nora Lies-Sealed"), passwords="generate")
    assert not in_database("four simple words")
    assert not in_database("Nora Lies-Sealed")

    page = started(pia, page)
    table = pia.post(f"{url_of(page)}passwords/").getvalue().decode()
    password = re.search(r"nora@example.test,(\S+)", table)[1]

    assert world.accepts(dn("nora"), password)
    assert not in_database(password)
    assert not in_database("four simple words")


def test_what_is_sealed_opens_for_nobody_else_and_for_no_other_session(pia, rita, alice, sign_in):
    page = imported(pia, THREE)

    for client in (rita, alice):
        assert client.get(url_of(page)).status_code == 404
        for deed in ("step", "start", "discard", "passwords", "undo"):
            assert client.post(f"{url_of(page)}{deed}/").status_code == 404
    elsewhere = sign_in("pia@example.test", word("pia"))
    lost = elsewhere.get(url_of(page)).content.decode()
    assert "The session in which this was begun has ended" in lost
    assert "Nora" not in lost
    elsewhere.post(f"{url_of(page)}start/")
    assert job_of(page).stage == "ready"


def test_the_rows_go_with_the_session_and_all_of_it_after_a_day(pia, world, sign_in):
    page = imported(pia, THREE)
    assert Part.objects.count() == 1

    pia.post("/sign-out/")

    assert Part.objects.count() == 0
    again = sign_in("pia@example.test", word("pia"))
    assert "Nothing was changed" in again.get(url_of(page)).content.decode()
    Job.objects.update(began=timezone.now() - KEPT)
    again.get(IMPORT)
    assert not Job.objects.exists()


def test_the_rows_go_where_the_session_is_ended_from_elsewhere(pia, rita, world):
    page = imported(pia, THREE)

    rita.post("/accounts/pia@example.test/password/", {"new_password": "a new word for Pia"})

    assert world.accepts(PIA, "a new word for Pia")
    assert Part.objects.count() == 0 and job_of(page).session == ""


def test_a_file_will_do_as_well(pia, world):
    file = SimpleUploadedFile("people.csv", "\ufeffE-Mail;Name\r\nnora;Nöra\r\n".encode())
    answer = pia.post(IMPORT, {"kind": "accounts", "passwords": "none", "file": file})

    started(pia, worked(pia, answer.url))

    assert world.value(dn("nora"), "cn") == "Nöra"


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({}, "file", "Choose a file"),
        ({"pasted": "\n \n"}, "file", "Choose a file"),
        ({"pasted": "name\nx\n"}, "pasted", "No column is called address"),
        ({"kind": "aliases", "pasted": "mail\nx\n"}, "pasted", "No column is called destinations"),
        ({"kind": "domains", "pasted": "mail\nx\n"}, "kind", "not one of the available choices"),
        ({"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04x")}, "file", "Save it as CSV"),
        ({"file": SimpleUploadedFile("x.csv", b"")}, "file", "nothing in it"),
        ({"file": SimpleUploadedFile("x.csv", b"mail\n" + b"x" * 5_000_000)}, "file", "than 3 MB"),
    ],
)
def test_what_is_no_table_is_said_at_the_field(pia, fields, name, sentence):
    page = pia.post(IMPORT, {"kind": "accounts", "passwords": "none", **fields})

    assert sentence in errors_of(page, name)
    assert not Job.objects.exists()


def test_too_much_text_is_a_page_with_a_sentence(pia):
    page = pia.post(IMPORT, {"kind": "accounts", "pasted": "mail\n" + "x\n" * 2_500_000})

    assert page.status_code == 400
    assert "more than 4 MB" in page.content.decode()


def test_who_may_not_add_accounts_is_offered_aliases_only(otto):
    page = otto.get("/domains/other.test/import/")

    assert 'value="accounts"' not in page.content.decode()
    answer = otto.post("/domains/other.test/import/", {"kind": "accounts", "pasted": "mail\nx\n"})
    assert "not one of the available choices" in errors_of(answer, "kind")


def test_a_user_imports_nothing(alice, world):
    before = world.versions()

    assert alice.get(IMPORT).status_code == 404
    assert alice.post(IMPORT, {"kind": "accounts", "pasted": "mail\nx\n"}).status_code == 404
    assert world.versions() == before


def test_ten_thousand_rows_are_taken_at_once_and_checked_in_steps(pia):
    text = "mail,name,quota\n" + "".join(f"user{n:05},User {n},2 GB\n" for n in range(10_000))

    answer = pia.post(IMPORT, {"kind": "accounts", "pasted": text, "passwords": "none"})

    page = pia.get(answer.url)
    job = page.context["job"]
    assert (job.rows, job.part_set.count(), job.stage) == (10_000, 50, "checking")
    assert 0 < page.context["progress"]["passed"] < 10_000
    assert b"<progress" in page.content and b"Continue" in page.content


def test_every_row_stands_on_one_page_however_the_work_is_cut(pia):
    mails = [f"user{n:03}@example.test" for n in range(450)]
    page = imported(pia, "mail\n" + "".join(f"{mail}\n" for mail in mails))

    pages = [pia.get(f"{url_of(page)}?show=all&page={number}") for number in range(1, 6)]

    shown = [[row["cells"][0]["text"] for row in one.context["table"]["rows"]] for one in pages]
    assert [len(some) for some in shown] == [100, 100, 100, 100, 50]
    assert [mail for some in shown for mail in some] == mails
