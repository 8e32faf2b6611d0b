"""What pages say about an account or an alias, in sentences."""

from accounts import quota


def counted(number, one, many, more=False):
    return f"{number}{'+' if more else ''} {one if number == 1 and not more else many}"


def status_of(account, is_postmaster, pointing, more=False):
    """One line: active · postmaster · 3 aliases point here · changed by ana@example.org."""
    if account.to_be_deleted:
        parts = ["marked for deletion"]
    else:
        parts = ["active" if account.active else "switched off"]
    if is_postmaster:
        parts.append("postmaster")
    if pointing:
        parts.append(counted(pointing, "alias points here", "aliases point here", more))
    if account.changed_by_label():
        parts.append(f"last changed by {account.changed_by_label()}")
    return " · ".join(parts)


def consequences_of_retiring(account, is_postmaster, pointing, more):
    yield f"{account} can no longer sign in, from now on."
    yield "Mail to this address is refused, or goes to the catch-all if there is one."
    yield "The mail kept so far stays until the site cleans up; until then you can restore it."
    if pointing:
        count = counted(pointing, "alias sends", "aliases send", more)
        yield f"{count} mail here: that mail is refused too."
    if is_postmaster:
        yield "This account is a postmaster of the domain, and no longer acts as one."


def consequences_of_deleting(alias, is_postmaster, pointing, more):
    count = counted(len(alias.destinations), "destination", "destinations")
    yield f"{alias} is gone at once, with {count}."
    if alias.special == "catch-all":
        yield "Mail to addresses that do not exist is refused."
    else:
        yield "Mail to this alias is refused, or goes to the catch-all if there is one."
    if pointing:
        count = counted(pointing, "other alias sends", "other aliases send", more)
        yield f"{count} mail here: that mail is refused too."
    if is_postmaster:
        yield "Its owner is a postmaster of the domain, and no longer is one."


def facts_of(entry):
    """Where one's own entry stands, as (label, value)."""
    facts = [("Address", entry.shown_mail), ("State", "active" if entry.active else "switched off")]
    if entry.kind == "account":
        facts.append(("Quota", quota.shown(entry.quota) or "no limit"))
    if entry.created:
        facts.append(("Since", entry.created))
    if entry.password_changed:
        facts.append(("Password set", entry.password_changed))
    return facts
