"""Everybody against every page, by every method, about own and foreign things.

What is right is asked of slapd: nobody changes what slapd would not let them change, and no page
shows the mark of an entry that slapd hides from who looks.
"""

import pytest

from tests.panel_attacks.bodies import by_any_key, harmful, posting_forms, query_of
from tests.panel_attacks.people import ACTORS, ALIVE
from tests.panel_attacks.things import KINDS, is_open, paths, rows
from tests.walk import patterns
from vmail_admin.directory.names import address_in

READING = {200, 302, 403, 404, 405}
CHANGING = READING | {400, 409, 429}
ODD_METHODS = ("head", "put", "patch", "delete", "options")
SIGN_IN = "/sign-in/"
# Forms that stand only where something is under way, or can be taken back: their pages are tried
# with the key of every row of the database instead.
ONLY_NOW_AND_THEN = ("work-", "journal-", "domain-finish")
# Who also tries what is absent, hostile, or any row of the database.
THOROUGH = {"user", "postmaster", "postmaster of another domain", "site admin"}


class Judge:
    """Collects what should not have been."""

    def __init__(self, stage):
        self.stage, self.faults = stage, []

    def look(self, name, path, answer, changed, allowed):
        stage, status = self.stage, answer.status_code
        text = f"{answer.headers} {answer.getvalue().decode(errors='replace')}"
        fault = []
        if status not in allowed:
            fault.append(f"answered {status}")
        if shown := [mark for mark in stage.hidden if mark in text]:
            fault.append(f"showed {len(shown)} hidden marks")
        if foreign := [dn for dn, *change in changed if not stage.rights.allow(dn, *change)]:
            fault.append(f"changed {foreign}")
        if not stage.rights.alive and not is_open(name):
            fault += self.of_the_dead(path, answer, text)
        self.faults += [f"{answer.request['REQUEST_METHOD']} {path[:90]}: {one}" for one in fault]

    def of_the_dead(self, path, answer, text):
        """Who is nobody, or nobody any more, sees no address of anybody else either."""
        if not self.stage.actor.dn and not getattr(answer, "url", "").startswith(SIGN_IN):
            yield f"answered {answer.status_code} to a stranger"
        known = {address_in(dn) for dn in self.stage.before} - {"", address_in(self.stage.actor.dn)}
        if shown := [mail for mail in known if mail in text and mail not in path]:
            yield f"showed {shown}"


@pytest.fixture
def judge(stage):
    return Judge(stage)


@pytest.mark.parametrize("who", ACTORS)
def test_reading_changes_nothing_and_shows_nothing_hidden(stage, judge, who):
    stage.enter(ACTORS[who])
    for kind in KINDS if who in THOROUGH else KINDS[:2]:
        for name, path, _ in paths(kind):
            answer, changed = stage.tried("get", path)
            judge.look(name, path, answer, changed, READING)
            if changed:
                judge.faults.append(f"GET {path} changed {[dn for dn, *_ in changed]}")

    assert not judge.faults, "\n".join(judge.faults)


@pytest.mark.parametrize("who", ACTORS)
def test_no_form_reaches_further_than_slapd_lets_it(stage, judge, who):
    forms = posting_forms()
    stage.enter(ACTORS[who])
    others = stage.sessions_of_others()
    for kind in ("own", "foreign", "rows") if stage.rights.alive else ["own"]:
        for name, path, about in paths(kind):
            for form in forms.get(name, []):
                path_with_query = path + query_of(form)
                answer, changed = stage.tried("post", path_with_query, harmful(form, about))
                judge.look(name, path_with_query, answer, changed, CHANGING)
                if stage.harmed(others):
                    judge.faults.append(f"POST {path} ended or changed somebody else's session")
            guesses = rows() if name.startswith(ONLY_NOW_AND_THEN) else []
            bodies = [{}, *map(by_any_key, guesses)]
            for body in bodies:
                answer, changed = stage.tried("post", path, body)
                judge.look(name, path, answer, changed, CHANGING)

    assert not judge.faults, "\n".join(judge.faults)


@pytest.mark.parametrize("who", ACTORS)
def test_no_other_method_is_a_way_round(stage, judge, who):
    """The site admin tries each on every page, the others in turn."""
    stage.enter(ACTORS[who])
    turn = list(ACTORS).index(who)
    one_each = {name: path for kind in ("own", "foreign") for name, path, _ in paths(kind)}
    for number, (name, path) in enumerate(one_each.items(), turn):
        every = stage.rights.is_site_admin
        for method in ODD_METHODS if every else [ODD_METHODS[number % len(ODD_METHODS)]]:
            answer, changed = stage.tried(method, path)
            judge.look(name, path, answer, changed, READING)
            if changed:
                judge.faults.append(f"{method} {path} changed {[dn for dn, *_ in changed]}")

    assert not judge.faults, "\n".join(judge.faults)


# --- that it proves something


def test_every_page_that_takes_a_form_is_posted_to(stage):
    """A form that no walk finds would be no attack."""
    stage.enter(ACTORS["site admin"])
    found = posting_forms()
    post_only = {one.name for one in patterns() if is_post_only(stage, one.name)}

    missing = post_only - found.keys()
    assert [name for name in missing if not name.startswith(ONLY_NOW_AND_THEN)] == []


def is_post_only(stage, name):
    path = next(path for one, path, _ in paths("own") if one == name)
    return stage.tried("get", path)[0].status_code == 405


def test_who_is_entitled_changes_things_by_these_very_forms(stage):
    """Else it would prove nothing that nobody else does."""
    stage.enter(ACTORS["site admin"])
    forms = posting_forms()
    changed = set()
    for name, path, about in [*paths("own"), *paths("foreign")]:
        for form in forms.get(name, []):
            if stage.tried("post", path + query_of(form), harmful(form, about))[1]:
                changed.add(name)

    assert {name for name in forms if name.startswith(("account-", "alias-", "domain-"))} == changed


def test_the_marks_are_there_to_be_seen(stage):
    stage.enter(ACTORS["postmaster"])
    page, _ = stage.tried("get", "/domains/example.test/")

    assert len([mark for mark in stage.rights.seen if mark in page.content.decode()]) > 2
    assert len(stage.hidden) > 2


@pytest.mark.parametrize("who", ALIVE)
def test_what_is_foreign_looks_like_what_is_not_there(stage, who):
    """Nobody learns from a page which addresses and domains others have."""
    stage.enter(ACTORS[who])
    told = {}
    for kind in ("foreign", "absent"):
        for name, path, about in paths(kind):
            domain = about.rpartition("@")[2]
            if domain and f"jvd={domain}" not in "".join(stage.rights.domains):
                told.setdefault(name, set()).add(stage.tried("get", path)[0].status_code)

    assert {name: codes for name, codes in told.items() if len(codes) > 1} == {}
