"""The legitimate acts, a file for each role."""

from . import owners, postmasters, servers, site_admins, users

ROLES = {
    role.__name__.rpartition(".")[2]: role.ACTS
    for role in (site_admins, postmasters, users, owners, servers)
}
ACTS = [act for role in ROLES.values() for act in role]
