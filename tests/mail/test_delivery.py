"""Mail by SMTP from outside, and the file it becomes: by Dovecot's LMTP and by Postfix itself."""

import re

import pytest

from tests.world import ALICE

ALICES = "example.test/alice"
PIAS = "example.test/pia"


def test_mail_to_an_account_is_one_file_in_its_maildir(post):
    file = post.file(ALICES, post.send("alice@example.test"))

    status = file.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (5000, 5000, 0o600)
    for folder in (file.parents[2], file.parents[1], file.parent):
        status = folder.stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (5000, 5000, 0o700)


def test_upper_case_is_the_same_address(post):
    assert post.file(ALICES, post.send("Alice@EXAMPLE.Test"))


def test_what_follows_a_plus_does_not_matter(post):
    assert post.file(ALICES, post.send("alice+lists@example.test"))


def test_an_address_with_a_plus_of_its_own_comes_first(post, alias):
    alias("pia+news@example.test", "alice@example.test")
    word = post.send("pia+news@example.test")

    assert post.file(ALICES, word)
    assert not post.found(PIAS, word)


def test_an_alias_with_two_destinations_reaches_both_and_one_is_elsewhere(post):
    word = post.send("alex@example.test")

    assert post.file(ALICES, word)
    assert "alex@elsewhere.test" in post.left_the_machine(word)


def test_an_alias_of_an_alias_in_another_domain(post, alias):
    alias("help@other.test", "support@example.test")
    alias("support@example.test", "alice@example.test", "pia@example.test")
    word = post.send("help@other.test")

    assert post.file(ALICES, word)
    assert post.file(PIAS, word)


def test_several_recipients_get_one_each(post):
    word = post.send("alice@example.test", "carol@other.test")

    assert post.file(ALICES, word)
    assert post.file("other.test/carol", word)


def test_a_catch_all_gets_what_has_no_other_address(post, alias):
    alias("@example.test", "pia@example.test")

    assert post.file(PIAS, post.send("whoever@example.test"))
    assert post.file(PIAS, post.send("whoever+lists@example.test"))


def test_a_catch_all_gets_nothing_of_an_account_or_an_alias(post, alias):
    alias("@example.test", "pia@example.test")
    words = [post.send("alice@example.test"), post.send("bob+news@example.test")]
    words.append(post.send("alice+lists@example.test"))

    assert all(post.file(ALICES, word) for word in words)
    assert not any(post.found(PIAS, word) for word in words)


def test_a_catch_all_gets_nothing_of_an_account_that_is_switched_off(post, alias, world):
    alias("@example.test", "pia@example.test")
    alias("team@example.test", "dora@example.test", "alice@example.test")

    assert "switched off" in post.refusal("dora@example.test")
    word = post.send("team@example.test")
    assert post.file(ALICES, word)
    # The sender is told about the one that cannot be reached.
    assert "status=bounced" in post.fate(word, "dora@example.test")
    assert not post.found(PIAS, word)


def test_a_new_account_has_mail_at_once(post, world, pia):
    pia.post("/domains/example.test/accounts/new/", NEW_ACCOUNT)

    assert post.file("example.test/nina", post.send("nina@example.test"))


def test_mail_to_the_postmaster_of_a_domain_reaches_who_reads_it(post):
    assert post.file(PIAS, post.send("postmaster@other.test"))
    assert post.file(PIAS, post.send("abuse@example.test"))


NEW_ACCOUNT = {
    "local_part": "nina",
    "full_name": "Nina",
    "password_choice": "type",
    "password": "nina-secret-word",
}
REFUSED = {
    "unknown": ("nobody@example.test", "550 5.1.1"),
    "switched off": ("dora@example.test", "550 5.2.1"),
    "switched off, with a plus": ("dora+lists@example.test", "550 5.2.1"),
    "in a suspended domain": ("sleeper@asleep.test", "550 5.2.1"),
    "unknown in a suspended domain": ("nobody@asleep.test", "550 5.2.1"),
    "elsewhere": ("somebody@elsewhere.test", "554 5.7.1"),
    "elsewhere, by a percent sign": ("somebody%elsewhere.test@example.test", "554 5.7.1"),
    "elsewhere, by a route": ("@example.test:somebody@elsewhere.test", "554 5.7.1"),
    "in a foreign subdomain": ("alice@sub.example.test", "554 5.7.1"),
    "without a domain": ("alice", "504 5.5.2"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_stranger_is_refused(post, case):
    recipient, answer = REFUSED[case]

    assert post.refusal(recipient).startswith(answer)


@pytest.mark.parametrize("mark", [{"accountActive": "FALSE"}, {"delete": "TRUE"}])
def test_an_account_is_refused_while_it_is_marked(post, world, mark):
    world.change(ALICE, **mark)
    assert post.refusal("alice@example.test").startswith("550 5.2.1")

    world.change(ALICE, accountActive="TRUE", delete="FALSE")
    assert post.file(ALICES, post.send("alice@example.test"))


def test_an_alias_is_refused_while_it_is_switched_off(post, alias, world):
    dn = alias("sales@example.test", "alice@example.test", active="FALSE")
    assert post.refusal("sales@example.test").startswith("550 5.2.1")

    world.change(dn, accountActive="TRUE")
    assert post.file(ALICES, post.send("sales@example.test"))


def test_a_domain_is_refused_while_it_is_suspended(post, rita):
    rita.post("/domains/example.test/switch/", {"flag": "active", "to": "off"})
    assert post.refusal("alice@example.test").startswith("550 5.2.1")

    rita.post("/domains/example.test/switch/", {"flag": "active", "to": "on"})
    assert post.file(ALICES, post.send("alice@example.test"))


def test_a_trusted_host_may_send_elsewhere_and_not_to_a_suspended_domain(post, world):
    word = post.send("somebody@elsewhere.test", source="127.0.0.2")
    assert post.left_the_machine(word)

    assert post.refusal("sleeper@asleep.test", source="127.0.0.2").startswith("550 5.2.1")


def test_an_alias_into_a_suspended_domain_goes_back_and_not_out(post, alias):
    alias("old@example.test", "sleeper@asleep.test", "alice@example.test")
    word = post.send("old@example.test")

    assert post.file(ALICES, word)
    assert "switched off" in post.fate(word, "sleeper@asleep.test")


def test_an_alias_is_never_a_command_or_a_file(post, alias, open_folder):
    """Where the access rules are weaker, somebody may write such a destination."""
    made, script = open_folder / "made", open_folder / "script"
    script.write_text(f"#!/bin/sh\ntouch {made}\n")
    script.chmod(0o755)
    alias("evil@example.test", f"|{script}", f"{made}", "alice@example.test")
    word = post.send("evil@example.test")

    assert post.file(ALICES, word)
    host = post.mail.site.host
    for destination in (f"{made}@{host}", f"|{script}@{host}"):
        assert "unknown user" in post.fate(word, re.escape(destination))
    assert not made.exists()
