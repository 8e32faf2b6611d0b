"""An alias goes, and with it the post that its owner may have held."""

from vmail_admin.directory.changes import told


def delete_alias(managed, alias):
    """The journal keeps whether it was postmaster, so that an undo gives the post back."""
    is_postmaster = managed.is_postmaster(alias)
    with told(facts=(("postmaster", "yes"),) if is_postmaster else ()):
        alias.delete()
    if is_postmaster:
        managed.postmaster.forget(alias.dn)
