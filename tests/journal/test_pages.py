"""The pages of the journal: who reads what, searching, paging, and the table for a spreadsheet."""

import csv
import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.pages import form_of
from tests.world import ALICE, EXAMPLE, POST, word
from vmail_admin.journal.models import Row, State
from vmail_admin.journal.retention import prune

SITE, DOMAIN, MINE = "/journal/", "/domains/example.test/journal/", "/me/journal/"
SWITCH = "/accounts/alice@example.test/switch/"
CARD = "/accounts/alice@example.test/"
OFF = {"flag": "active", "to": "off"}


def sentences(page):
    return [f"{line.row.who} {line.verb} {line.name}{line.rest}" for line in page.context["lines"]]


def rows(count, **fields):
    """Rows as others may have made them, each a second younger than the one before."""
    begin = timezone.now() - dt.timedelta(days=1)
    told = {"state": State.MADE, "operation": "modify", "kind": "edited", "what": "account"}
    told |= {"entry": "alice@example.test", "domain": "example.test", "dn": ALICE}
    told |= {"who": "pia@example.test", "who_dn": POST, "steps": "[]", "facts": "{}"} | fields
    Row.objects.bulk_create(
        Row(**{"began": begin + dt.timedelta(seconds=number)} | told) for number in range(count)
    )


def test_a_postmaster_reads_what_happened_in_words(pia, world):
    pia.post(CARD, form_of(pia.get(CARD)) | {"full_name": "Alice Berg"})
    pia.post(SWITCH, OFF)
    pia.post("/aliases/bob+news@example.test/delete/", {"why": "no longer read"})

    page = pia.get(DOMAIN)

    assert sentences(page) == [
        "pia@example.test deleted the alias bob+news@example.test",
        "pia@example.test switched alice@example.test off",
        "pia@example.test changed the name of alice@example.test",
    ]
    deleted, _, edited = page.context["lines"]
    assert deleted.reason == "no longer read"
    [name] = edited.differences
    assert (name.label, name.was, name.now) == ("Name", ["Alice Arden"], ["Alice Berg"])
    text = page.content.decode()
    assert "<del>" in text
    assert "<ins>" in text


def test_who_sees_which_journal(rita, pia, otto, alice, alex, world):
    pia.post(SWITCH, OFF)
    pia.post(SWITCH, {"flag": "active", "to": "on"})
    everybody = {"rita": rita, "pia": pia, "otto": otto, "alice": alice, "alex": alex}

    def seen_by(path):
        return [name for name, one in everybody.items() if one.get(path).status_code == 200]

    assert seen_by(SITE) == ["rita"]
    assert seen_by(DOMAIN) == ["rita", "pia"]
    assert seen_by(MINE) == ["pia", "otto", "alice", "alex"]
    assert [one.row.entry for one in alice.get(MINE).context["lines"]] == ["alice@example.test"] * 2
    assert alex.get(MINE).context["lines"] == []


def test_a_dismissed_postmaster_reads_nothing_any_more(pia, rita, world):
    assert pia.get(DOMAIN).status_code == 200
    world.change(POST, roleOccupant=POST)

    assert pia.get(DOMAIN).status_code == 404
    assert pia.get(f"{DOMAIN}?as=csv").status_code == 404


def test_one_who_is_no_site_admin_any_more_reads_nothing(rita, world):
    assert rita.get(SITE).status_code == 200
    group = "cn=siteadmins,ou=admins,dc=myhosting,dc=example"
    world.change(group, member="cn=nobody")

    assert rita.get(SITE).status_code == 403
    assert rita.get(DOMAIN).status_code == 404


def test_the_owner_sees_no_note_no_reason_and_no_address_of_others(pia, alice, world):
    pia.post(CARD, form_of(pia.get(CARD)) | {"description": "quarrelsome", "full_name": "A"})
    Row.objects.filter(state=State.OPEN).count()
    rows(1, why="a private reason", place="192.0.2.7", kind="switched")

    page = alice.get(MINE).content.decode()
    table = b"".join(alice.get(f"{MINE}?as=csv").streaming_content).decode()

    for text in (page, table):
        assert "quarrelsome" not in text
        assert "a private reason" not in text
        assert "192.0.2.7" not in text
        assert "Alice Arden" in text
    assert "Undo" not in page


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("search=alice", 2),
        ("search=ALICE@EXAMPLE.TEST", 2),
        ("search=bob", 1),
        ("search=pia@", 3),
        ("search=nobody", 0),
        ("search=%25", 0),
        ("search=*", 0),
        ("kind=switched", 1),
        ("kind=deleted", 1),
        ("kind=nonsense", 3),
        ("period=7", 3),
        ("period=nonsense", 3),
        ("older=0", 0),
        ("older=x&newer=y", 3),
        ("newer=99999999999999999999999", 3),
    ],
)
def test_it_is_searched_and_narrowed(pia, world, wish, found):
    pia.post(CARD, form_of(pia.get(CARD)) | {"full_name": "Alice Berg"})
    pia.post(SWITCH, OFF)
    pia.post("/aliases/bob+news@example.test/delete/")

    assert len(pia.get(f"{DOMAIN}?{wish}").context["lines"]) == found


def test_periods_begin_when_they_say(rita, world):
    rows(1, began=timezone.now() - dt.timedelta(days=40), entry="old@example.test")
    rows(1, entry="new@example.test")

    def entries(period):
        return [one.row.entry for one in rita.get(f"{SITE}?period={period}").context["lines"]]

    assert entries("30") == ["new@example.test"]
    assert entries("365") == ["new@example.test", "old@example.test"]


def test_every_row_stands_on_one_page_whichever_way_one_goes(rita, world):
    rows(120)
    seen, path = [], SITE
    while path:
        page = rita.get(path).context["page"]
        seen += [row.pk for row in page.rows]
        back = page.newer
        path = f"{SITE}?older={page.older}" if page.older else ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)

    page = rita.get(f"{SITE}?newer={back}").context["page"]
    assert [row.pk for row in page.rows] == seen[50:100]
    assert page.newer and page.older


def test_the_table_holds_what_the_page_does_and_no_formula(pia, world):
    for name in ("=1+1", "+1", "-1", "@SUM(A1)"):
        pia.post(CARD, form_of(pia.get(CARD)) | {"full_name": name})

    answer = pia.get(f"{DOMAIN}?as=csv")
    text = b"".join(answer.streaming_content).decode()
    head, *lines = csv.reader(StringIO(text))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="journal.csv"'
    assert [line[head.index("to")] for line in lines] == [
        "Name: @SUM(A1)",
        "Name: -1",
        "Name: +1",
        "Name: =1+1",
    ]
    assert not [one for line in lines for one in line if one[:1] in "=+-@\t\r" and one]


@pytest.mark.parametrize("who", ["=cmd()", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_never_begins_like_a_formula(rita, world, who):
    rows(1, who=who, why=who)

    text = b"".join(rita.get(f"{SITE}?as=csv").streaming_content).decode()
    _, line = csv.reader(StringIO(text, newline=""))

    assert [one for one in line if one == f"'{who}"] == [f"'{who}"] * 2


def test_hostile_values_are_text_on_the_page(rita, world):
    rows(1, entry="<script>x</script>@example.test", who="<b>who</b>", why='"><i>', place="<u>")

    page = rita.get(SITE).content.decode()

    assert "<script>x" not in page
    for raw in ("<b>who", "<i>", "<u>"):
        assert raw not in page


def test_what_was_refused_is_for_the_site_admin_to_see(otto, rita, world):
    otto.post("/accounts/carol@other.test/retire/")

    assert rita.get(SITE).context["lines"] == []
    [line] = rita.get(f"{SITE}?kind=refused").context["lines"]
    assert line.row.entry == "carol@other.test"
    assert not line.can_undo


def test_old_rows_go_and_no_others(world, settings):
    rows(3, began=timezone.now() - dt.timedelta(days=800))
    rows(2)

    assert prune(2) == 2
    call_command("prune_journal", verbosity=0)

    assert Row.objects.count() == 2
    settings.JOURNAL_DAYS = 0
    assert prune(100) == 0


def test_a_reason_can_be_given_later_and_is_shown_where_it_matters(rita, pia, world):
    rita.post("/domains/example.test/switch/", OFF)
    row = Row.objects.get(kind="switched")
    before = Row.objects.values().get(pk=row.pk)

    rita.post("/journal/reason/", {"row": row.pk, "why": "bill not paid", "next": "/domains/"})

    assert Row.objects.values().get(pk=row.pk) == before
    for path in ("/domains/example.test/", "/domains/example.test/settings/"):
        page = " ".join(rita.get(path).content.decode().split())
        assert "Suspended by <bdi" in page
        assert "bill not paid" in page


def test_who_is_switched_off_has_it_on_the_page(pia, rita, otto, world):
    pia.post(SWITCH, OFF)
    row = Row.objects.get(kind="switched")
    assert "Switched off by" in rita.get(CARD).content.decode()
    for client in (otto,):
        assert client.post("/journal/reason/", {"row": row.pk, "why": "x"}).status_code == 404

    pia.post("/journal/reason/", {"row": row.pk, "why": "on leave"})
    assert "on leave" in rita.get(CARD).content.decode()
    rita.post(SWITCH, {"flag": "active", "to": "on"})
    assert "on leave" not in rita.get(CARD).content.decode()


def test_a_reason_that_a_colleague_gives_is_not_taken_for_ones_own(pia, rita, world):
    pia.post(SWITCH, OFF)
    row = Row.objects.get(kind="switched")

    rita.post("/journal/reason/", {"row": row.pk, "why": "left the company"})
    page = " ".join(pia.get(CARD).content.decode().split())
    assert 'left the company</bdi>”, says <bdi class="break">rita</bdi>' in page

    pia.post("/journal/reason/", {"row": row.pk, "why": "on leave"})
    assert ", says" not in pia.get(CARD).content.decode()


@pytest.mark.parametrize("why", ["", " ", "x" * 201, "two\nlines", "a\x00b", "\u2028"])
def test_a_reason_is_one_short_line(pia, world, why):
    pia.post(SWITCH, OFF)
    row = Row.objects.get(kind="switched")

    pia.post("/journal/reason/", {"row": row.pk, "why": why})

    assert not Row.objects.filter(kind="reason").exists()


def test_reading_asks_slapd_three_things_in_one_round_trip(pia, world):
    from tests.slapd_log import Counted

    rows(60)
    with Counted(world.slapd) as asked:
        pia.get(DOMAIN)

    assert str(asked) == "1 BIND, 3 SRCH"


def test_the_cn_postmaster_reads_its_domain(sign_in, world):
    post = sign_in("postmaster@example.test", word("post"))

    assert post.get(DOMAIN).status_code == 200
    assert post.get(EXAMPLE and "/domains/other.test/journal/").status_code == 404
