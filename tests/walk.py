"""Every URL of the panel, found in its own map: a page that is added is walked from then on."""

from django.urls import get_resolver, reverse

OWN = {
    "domain_name": "example.test",
    "postmaster": "pia@example.test",
    "account": "alice@example.test",
    "alias": "alex@example.test",
    "service": "postfix",
    "key": "0" * 32,
}
FOREIGN = {
    "domain_name": "other.test",
    "postmaster": "otto@other.test",
    "account": "carol@other.test",
    "alias": "postmaster@other.test",
    "service": "postfix",
    "key": "0" * 32,
}

# What a load balancer or Prometheus asks, and no browser.
FOR_MACHINES = {"healthz", "readyz", "metrics"}

# Answer to POST only: a GET is 405 for whom they are open.
POST_ONLY = {
    *("sign-out", "theme", "domain-switch", "domain-restore", "account-switch", "account-restore"),
    *("chosen-new", "work-step", "work-start", "work-discard", "work-passwords", "work-undo"),
    "work-greet",
    *(
        "alias-switch",
        "alias-lock",
        "journal-undo",
        "journal-reason",
        "my-sessions-end",
        "domain-finish",
    ),
}


def patterns(resolver=None):
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one)
        else:
            yield one


def every_url(about=OWN):
    """The path of every page by its name. A page about an address is about an account or alias."""
    return {one.name: path_of(one, about) for one in patterns()}


def path_of(pattern, about):
    """Fails for a page about something new: say there what it is about."""
    names = {"mail": about["alias" if pattern.name.startswith("alias") else "account"]} | about
    wanted = pattern.pattern.converters
    return reverse(pattern.name, kwargs={name: names[name] for name in wanted})
