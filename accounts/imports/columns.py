"""What the columns of a table are called, by people and by other programs."""

import re

ACCOUNTS, ALIASES = "accounts", "aliases"

# The first name is what our own exports call it.
NAMES = {
    "address": (
        *("address", "mail", "email", "email address", "mail address", "mailaddress"),
        *("user", "username", "user name", "login", "account", "mailbox", "local part"),
        *("user principal name", "alias", "alias name", "source", "from", "e mail adresse"),
    ),
    "full_name": (
        *("name", "full name", "fullname", "display name", "displayname", "cn", "real name"),
        *("realname", "person"),
    ),
    "first_name": ("first name", "firstname", "given name", "givenname", "forename", "vorname"),
    "last_name": ("last name", "lastname", "surname", "family name", "sn", "nachname"),
    "password": ("password", "passwd", "pass", "initial password", "new password", "passwort"),
    "quota": ("quota", "mailbox quota", "mailquota", "storage", "limit"),
    "description": (
        *("note", "notes", "description", "comment", "comments", "remark", "remarks"),
        *("bemerkung", "notiz"),
    ),
    "active": ("active", "enabled", "aktiv"),
    "destinations": (
        *("destinations", "destination", "delivers to", "sends to", "send mail to", "goes to"),
        *("goto", "target", "targets", "forward", "forwards", "forward to", "forwards to"),
        *("to", "maildrop", "recipient", "recipients", "member", "members", "ziel", "ziele"),
    ),
}
# What each kind of row can use.
USED = {
    ACCOUNTS: (
        *("address", "full_name", "first_name", "last_name", "password"),
        *("quota", "description", "active"),
    ),
    ALIASES: (
        *("address", "destinations", "full_name", "first_name", "last_name"),
        *("description", "active"),
    ),
}
# What must be there.
NEEDED = {ACCOUNTS: ("address",), ALIASES: ("address", "destinations")}

FIELD_OF = {spelling: field for field, spellings in NAMES.items() for spelling in spellings}
# Google and Microsoft write "Password [Required]"; others "E-mail", "full_name", "Destination 2".
IN_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
BETWEEN_WORDS = re.compile(r"[\W_]+")
NUMBERED = re.compile(r"(.*\D) ?\d{1,3}")


def field_of(heading, kind):
    """What a heading means for this kind of row, or "" where it means nothing."""
    words = BETWEEN_WORDS.sub(" ", IN_BRACKETS.sub(" ", heading.lower())).strip()
    words = words.replace("e mail", "email")
    field = FIELD_OF.get(words, "")
    if not field and (numbered := NUMBERED.fullmatch(words)):
        # Several columns of destinations, and nothing else, may be counted.
        field = FIELD_OF.get(numbered[1].strip(), "")
        field = field if field == "destinations" else ""
    return field if field in USED[kind] else ""
