"""The attacks, a file for each family."""

from . import (
    controls,
    domains,
    elsewhere,
    guessing,
    hashes,
    marks,
    members,
    naming,
    network,
    open_connections,
    owners,
    races,
    reading,
    roles,
    sizes,
    strangers,
    users,
)

FAMILIES = {
    family.__name__.rpartition(".")[2]: family.ATTACKS
    for family in (
        users,
        owners,
        members,
        domains,
        roles,
        elsewhere,
        naming,
        hashes,
        guessing,
        reading,
        controls,
        open_connections,
        marks,
        strangers,
        network,
        sizes,
        races,
    )
}
ATTACKS = [attack for family in FAMILIES.values() for attack in family]
