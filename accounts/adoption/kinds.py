"""The kinds of findings: a word for --only and --json, and what it means."""

KINDS = {
    "unseen": "An entry whose kind slapd never learnt, so that neither it nor the panel finds it",
    "flags": "A flag or a date that every entry of its kind has is missing",
    "marked-active": "An account that is marked for deletion and not switched off",
    "clear-password": "A password in the clear, in clearPassword",
    "dangling-postmaster": "A postmaster who is not there",
    "no-postmaster": "A domain without a postmaster entry",
    "plain-password": "A password in the clear, in userPassword",
    "quota": "A quota in a form of its own: it is shown and kept as it is",
    "foreign-address": "An address of another domain than the one it lies in",
    "duplicate": "The same address, mailbox or domain twice",
    "mailbox": "A mailbox at another place than DOMAIN/NAME/",
    "nested": "A place that the panel does not look at",
    "stray-class": "An object class that is not Jamm's",
    "stray-attribute": "An attribute that its class does not have in Jamm's schema",
    "refused-later": "What may stay, but what the strict rules would not let anybody write again",
}
