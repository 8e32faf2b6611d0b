"""A postmaster edits an account: name, quota, note. What the panel does not know stays."""

import pytest

from tests.pages import changes_written, errors_of, form_of
from tests.slapd_log import Counted
from tests.world import ALICE, CAROL, OTHER

PAGE = "/accounts/alice@example.test/"
UNTOUCHED = {"full_name": "Alice Arden", "quota": "10 MB", "description": ""}


def test_the_card_says_how_it_stands(pia):
    page = pia.get(PAGE)

    assert page.context["status"].startswith("active · 2 aliases point here")
    text = page.content.decode()
    assert "example.test/alice/" in text
    assert "bob+news" in text.replace('<span class="at">', "")


def test_saving_without_a_change_writes_nothing(pia, world):
    before = world.versions()

    pia.post(PAGE, form_of(pia.get(PAGE)))

    assert world.versions() == before


def test_a_new_name_is_one_change_and_everything_else_stays(pia, world):
    before = world.entry(ALICE, "*")

    with changes_written(world) as changes:
        pia.post(PAGE, form_of(pia.get(PAGE)) | {"full_name": "Alice Berg"})

    after = world.entry(ALICE, "*")
    assert after["cn"] == ["Alice Berg", "Alice A."]
    assert int(after["lastChange"][0]) > 1700000000
    assert {name for name in after if after[name] != before[name]} == {"cn", "lastChange"}
    assert changes == ["cn cn lastChange"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("", ["Alice A."]),
        ("Alice A.", ["Alice A."]),
        ("alice a.", ["alice a."]),
        ("😀 أليس", ["😀 أليس", "Alice A."]),
        ("<script>alert(1)</script>", ["<script>alert(1)</script>", "Alice A."]),
        ("=cmd|' /C calc'!A0", ["=cmd|' /C calc'!A0", "Alice A."]),
    ],
)
def test_the_first_of_two_names_changes_and_the_other_is_kept(pia, world, name, kept):
    page = pia.post(PAGE, UNTOUCHED | {"full_name": name}, follow=True)

    assert page.status_code == 200
    assert world.entry(ALICE, "cn")["cn"] == kept
    assert b"<script>alert" not in page.content


def test_unknown_values_and_classes_are_kept(pia, world):
    root = world.root()
    root.modify_s(
        ALICE,
        [
            (0, "objectClass", [b"uidObject", b"labeledURIObject"]),
            (0, "labeledURI", [b"https://alice.test/ home"]),
            (0, "uidNumber", [b"1017"]),
            (2, "mailbox", [b"e/a/alice/"]),
            (2, "quota", [b"*:storage=50000"]),
        ],
    )
    root.unbind_s()
    before = world.entry(ALICE, "*")

    pia.post(PAGE, form_of(pia.get(PAGE)) | {"description": "on leave"})

    after = world.entry(ALICE, "*")
    assert after == before | {"description": ["on leave"], "lastChange": after["lastChange"]}


@pytest.mark.parametrize("quota", ["15000000", "*:storage=50000", "10000000S,1000C", "5 potatoes"])
def test_a_quota_in_any_old_form_stays_as_long_as_nobody_touches_it(pia, world, quota):
    world.change(ALICE, quota=quota)

    pia.post(PAGE, form_of(pia.get(PAGE)) | {"full_name": "A"})

    assert world.value(ALICE, "quota") == quota


@pytest.mark.parametrize(
    ("typed", "kept"), [("2 GB", "2000000000S"), ("1,5gb", "1500000000S"), ("", None)]
)
def test_a_new_quota_is_kept_in_bytes(pia, world, typed, kept):
    pia.post(PAGE, UNTOUCHED | {"quota": typed})

    assert world.value(ALICE, "quota") == kept


def test_a_quota_that_makes_no_sense_is_sent_back_as_typed(pia, world):
    page = pia.post(PAGE, UNTOUCHED | {"quota": "a lot"})

    assert "500 MB or 2 GB" in errors_of(page, "quota")
    assert 'value="a lot"' in page.content.decode()
    assert world.value(ALICE, "quota") == "10000000S"


def test_an_old_note_of_several_lines_survives_an_edit_of_the_name(pia, world):
    world.change(ALICE, description="first\nsecond " + "x" * 300)

    shown = form_of(pia.get(PAGE))
    shown["description"] = shown["description"].replace("\n", "")  # as a browser sends it
    pia.post(PAGE, shown | {"full_name": "A"})

    assert world.value(ALICE, "cn") == "A"
    assert world.value(ALICE, "description") == "first\nsecond " + "x" * 300


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("full_name", "x" * 10_000, "at most 200 characters"),
        ("full_name", "a\x00b", "control character"),
        ("full_name", "a\r\nb", "control character"),
        ("full_name", "😀" * 150, "too long for the directory"),
        ("description", "a\x1b[31m", "control character"),
        ("quota", "9" * 10_000, "at most 60 characters"),
    ],
)
def test_what_slapd_would_not_take_is_said_at_the_field(pia, world, field, typed, sentence):
    before = world.versions()

    assert sentence in errors_of(pia.post(PAGE, UNTOUCHED | {field: typed}), field)
    assert world.versions() == before


def test_foreign_addresses_are_not_found(pia, world):
    before = world.versions()

    for mail in ("carol@other.test", "nobody@example.test", "alex@example.test", "@example.test"):
        assert pia.get(f"/accounts/{mail}/").status_code == 404
        assert pia.post(f"/accounts/{mail}/", UNTOUCHED).status_code == 404
    assert world.versions() == before


def test_otto_may_edit_a_name_where_he_may_not_add(otto, world):
    otto.post("/accounts/carol@other.test/", {"full_name": "Carola", "quota": "1 GB"})

    assert world.value(CAROL, "cn") == "Carola"
    assert world.value(CAROL, "quota") == "1000000000S"
    page = otto.get("/accounts/carol@other.test/").content.decode()
    assert "Delete this account" not in page
    assert 'name="flag" value="postmaster"' not in page


def test_a_user_has_no_card_of_the_own_account(alice, world):
    before = world.versions()

    assert alice.get(PAGE).status_code == 404
    assert alice.post(PAGE, UNTOUCHED | {"quota": "90 GB"}).status_code == 404
    assert world.versions() == before


def test_the_page_costs_four_searches(pia, world):
    pia.get(PAGE)

    with Counted(world.slapd) as asked:
        pia.get(PAGE)

    assert str(asked) == "1 BIND, 4 SRCH"


def test_an_address_in_capitals_is_the_same(pia):
    assert pia.get("/accounts/Alice@Example.TEST/").status_code == 200


def test_an_alias_of_another_domain_that_points_here_is_shown_to_who_may_see_it(rita, pia, world):
    root = world.root()
    flags = [("accountActive", b"TRUE"), ("lastChange", b"1")]
    mail = [("mail", b"d@other.test"), ("maildrop", b"dora@example.test")]
    root.add_s(f"mail=d@other.test,{OTHER}", [("objectClass", b"JammMailAlias"), *mail, *flags])
    root.unbind_s()

    assert "1 alias points here" in rita.get("/accounts/dora@example.test/").context["status"]
    assert "points here" not in pia.get("/accounts/dora@example.test/").context["status"]


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
@pytest.mark.parametrize("field", ["full_name", "description"])
def test_what_would_disguise_the_text_beside_it_is_refused(pia, world, field, code):
    before = world.versions()

    page = pia.post(PAGE, UNTOUCHED | {field: f"Alice {chr(code)}gnp.exe"})

    assert f"an invisible character (U+{code:04X})" in errors_of(page, field)
    assert world.versions() == before


@pytest.mark.parametrize(
    "name",
    [
        "נועם לוי",
        "ليلى حداد",
        "שלום\u200f (abc)\u200e",  # the marks, which turn nothing but themselves
        "می\u200cخواهم",  # a joiner less, as Persian is written
        "👩\u200d👩\u200d👧 👍🏽 🏳️\u200d🌈",
        "क्\u200dष",
    ],
)
def test_every_script_and_emoji_stay_allowed(pia, world, name):
    pia.post(PAGE, UNTOUCHED | {"full_name": name, "description": name})

    assert (world.value(ALICE, "cn"), world.value(ALICE, "description")) == (name, name)


def test_what_an_old_tree_holds_of_it_is_shown_and_may_stay(pia, world):
    turned = "Alice \u202egnp.exe"
    world.change(ALICE, cn=turned)
    shown = pia.get(PAGE)
    assert f"<bdi>{turned}</bdi>" in pia.get("/domains/example.test/").content.decode()

    pia.post(PAGE, form_of(shown) | {"quota": "3 GB"})

    assert world.value(ALICE, "cn") == turned
    assert world.value(ALICE, "quota") == "3000000000S"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x" * 10_000, "This takes at most 200 characters; you typed 10000."),
        ("😀" * 150, "This is too long for the directory."),
        ("a\0b", "This holds a control character, such as a line break or a NUL."),
    ],
)
def test_what_is_wrong_is_said_once(pia, name, sentence):
    page = pia.post("/accounts/alice@example.test/", {"full_name": name, "quota": ""})

    assert page.context["form"].errors["full_name"] == [sentence]
