"""What a change is called: read from what slapd was asked, before it is asked."""

from vmail_admin.directory.changes import ADD, DELETE, MODIFY, is_secret
from vmail_admin.directory.names import address_in, domain_in

FLAGS = {"accountactive", "delete", "editaccounts", "editpostmasters"}
# What a missing flag means, as in trees from before Jamm 0.9.4: to add this changes nothing else.
MEANT = {name: [b"FALSE" if name == "delete" else b"TRUE"] for name in FLAGS}

# What a reader can narrow the journal to: the word in the URL, what it says, and the kinds in it.
GROUPS = {
    "added": ("Added", ("created",)),
    "deleted": ("Deleted and restored", ("deleted", "marked", "restored")),
    "edited": ("Edited", ("edited", "filled")),
    "switched": ("Switched on or off", ("switched", "rights")),
    "postmasters": ("Postmasters", ("appointed", "dismissed")),
    "passwords": ("Passwords and second factors", ("password", "locked", "cleared", "factor")),
}


def kind_of(change):
    """The word for a change, one of those above; "dated" where only its date was written."""
    if change.operation == ADD:
        return "created"
    if change.operation == DELETE:
        return "deleted"
    if change.operation != MODIFY:
        return change.operation  # "password" or "factor"
    return kind_of_modify({name.lower(): (how, some) for how, name, some in change.steps})


def kind_of_modify(steps):
    secrets = [name for name in steps if is_secret(name)]
    if secrets == ["clearpassword"] and steps["clearpassword"][1] is None:
        return "cleared"
    for name, (how, values) in steps.items():
        if name in secrets:
            return "locked" if values is None else "password"
        if name == "roleoccupant":
            return "dismissed" if how == "delete" else "appointed"
    named = set(steps) - {"lastchange"}
    if not named:
        return "dated"
    if all(steps[name] == ("add", MEANT.get(name)) for name in named):
        return "filled"
    if named <= FLAGS and "delete" in named:
        return "marked" if steps["delete"][1] == [b"TRUE"] else "restored"
    if named == {"accountactive"}:
        return "switched"
    return "rights" if named <= FLAGS else "edited"


def subject_of(change):
    """(what, entry, domain): the account, alias or domain that a change is about, in lower case.

    An appointment changes cn=postmaster, and is about who is appointed; what that is, whoever
    appoints has to tell.
    """
    domain = domain_in(change.dn).lower()
    if appointed := appointed_by(change):
        return class_of(change), address_in(appointed.decode(errors="replace")).lower(), domain
    if address := address_in(change.dn):
        return class_of(change), address.lower(), domain
    if domain and "jvd=" in change.dn.lower().partition(",")[0]:
        return "domain", domain, domain
    return "other", change.dn.partition(",")[0].partition("=")[2].lower(), domain


def appointed_by(change):
    """The DN of who is appointed or dismissed, or None."""
    steps = change.steps if change.operation == MODIFY else []
    found = (some[0] for _, name, some in steps if name.lower() == "roleoccupant" and some)
    return next(found, None)


def class_of(change):
    """ "account" or "alias", as far as is known: a change of a password does not say."""
    if appointed_by(change):
        return dict(change.said.facts).get("kind", "")
    known = [value for name, value in facts_about(change) if name.lower().endswith("objectclass")]
    classes = {one for values in known for one in values}
    if b"JammMailAccount" in classes:
        return "account"
    return "alias" if b"JammMailAlias" in classes else ""


def facts_about(change):
    for attributes in (change.after, change.before):
        yield from (attributes or {}).items()
    yield from ((name, values or []) for _, name, values in change.steps)
