"""Any text at all in the forms of a postmaster and the site admin: kept as typed, or sent back."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import ALICE, EXAMPLE

SOME = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ANY_TEXT = st.text(max_size=80)
ADDRESS_LIKE = st.text(alphabet='abc.+-_@ \n,;<>"\\=#*()é%/\x00\u202e😀', max_size=40)


@SOME
@given(local_part=ADDRESS_LIKE | ANY_TEXT)
def test_any_local_part_is_added_whole_or_sent_back(pia, world, local_part):
    fields = {"local_part": local_part, "destinations": "alice@example.test"}

    page = pia.post("/domains/example.test/aliases/new/", fields)

    assert page.status_code in (200, 302)
    if page.status_code == 302:
        mail = f"{local_part.strip().lower()}@example.test"
        [row] = [row for row in rows_of(pia, "aliases") if row.mail == mail]
        assert pia.get(row.edit_url).status_code == 200
        assert pia.post(f"{row.edit_url}delete/").status_code == 302
        assert world.entry(row.dn) is None


def rows_of(client, kind):
    return client.get(f"/domains/example.test/?kind={kind}").context["page"].rows


@SOME
@given(name=ANY_TEXT, quota=ANY_TEXT, note=ANY_TEXT)
def test_any_name_quota_and_note_are_kept_as_typed_or_sent_back(pia, world, name, quota, note):
    fields = {"full_name": name, "quota": quota, "description": note}

    page = pia.post("/accounts/dora@example.test/", fields)

    assert page.status_code in (200, 302)
    if page.status_code == 302:
        entry = world.entry(f"mail=dora@example.test,{EXAMPLE}")
        assert entry.get("cn", [""]) == [name.strip()]
        assert entry.get("description", [""]) == [note.strip()]


@SOME
@given(destinations=st.lists(ADDRESS_LIKE | ANY_TEXT, max_size=5))
def test_any_destinations_are_full_addresses_or_sent_back(pia, world, destinations):
    fields = {"destinations": "\n".join(destinations)}

    page = pia.post("/aliases/alex@example.test/", fields)

    assert page.status_code in (200, 302)
    kept = world.entry(f"mail=alex@example.test,{EXAMPLE}")["maildrop"]
    assert all(one.isascii() and one.isprintable() and "@" in one for one in kept)


@SOME
@given(search=ANY_TEXT | ADDRESS_LIKE)
def test_any_search_is_a_page(pia, rita, search):
    assert pia.get("/domains/example.test/", {"search": search}).status_code == 200
    assert rita.get("/domains/", {"search": search}).status_code == 200
    assert rita.get("/find/", {"search": search}).status_code == 200


@SOME
@given(password=st.text(min_size=12, max_size=60))
def test_any_password_opens_or_is_sent_back(pia, world, password):
    page = pia.post("/accounts/alice@example.test/password/", {"new_password": password})

    assert page.status_code == 200
    if page.context.get("password"):
        assert world.accepts(ALICE, password)


@SOME
@given(name=ANY_TEXT | ADDRESS_LIKE | st.from_regex(r"[a-zA-Zü.-]{1,70}\.[a-z]{2,5}\.?"))
def test_any_domain_is_whole_or_not_there(rita, world, name):
    before = set(world.versions())

    page = rita.post("/domains/new/", {"name": name})

    came = set(world.versions()) - before
    assert len(came) == (3 if page.status_code == 302 else 0)
