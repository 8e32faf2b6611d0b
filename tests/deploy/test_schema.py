"""The schema is Jamm's: the same numbers, syntaxes and rules, so entries can move either way."""

import ldap
import pytest
from ldap.schema import AttributeType, ObjectClass, SubSchema

ARC = "1.3.6.1.4.1.12461"
IA5, BOOLEAN, INTEGER, OCTETS = (
    f"1.3.6.1.4.1.1466.115.121.1.{number}" for number in (26, 7, 27, 40)
)
EXACT = ("caseExactIA5Match", None)
ANY_CASE = ("caseIgnoreIA5Match", "caseIgnoreIA5SubstringsMatch")
FLAG = ("booleanMatch", None)

# number, name, syntax, longest value, (equality, substrings), one value only
ATTRIBUTES = [
    (1, "postfixTransport", IA5, 20, EXACT, True),
    (2, "accountActive", BOOLEAN, 0, FLAG, True),
    (3, "lastChange", INTEGER, 0, (None, None), True),
    (4, "jvd", IA5, 0, ANY_CASE, False),
    (5, "mailbox", IA5, 0, EXACT, True),
    (6, "quota", IA5, 0, EXACT, True),
    (7, "clearPassword", OCTETS, 128, ("octetStringMatch", None), False),
    (8, "maildrop", IA5, 256, ANY_CASE, False),
    (9, "mailsource", IA5, 0, ANY_CASE, False),
    (10, "editAliases", BOOLEAN, 0, FLAG, True),
    (11, "editAccounts", BOOLEAN, 0, FLAG, True),
    (12, "editPostmasters", BOOLEAN, 0, FLAG, True),
    (13, "editCatchAlls", BOOLEAN, 0, FLAG, True),
    (14, "delete", BOOLEAN, 0, FLAG, True),
]

STRUCTURAL, AUXILIARY = 0, 2
CLASSES = [
    (
        1,
        "JammMailAccount",
        STRUCTURAL,
        "mail homeDirectory mailbox accountActive lastChange delete",
        "uidNumber gidNumber uid cn description quota userPassword clearPassword",
    ),
    (
        2,
        "JammMailAlias",
        STRUCTURAL,
        "mail maildrop accountActive lastChange",
        "mailsource cn description userPassword",
    ),
    (
        3,
        "JammVirtualDomain",
        STRUCTURAL,
        "jvd accountActive lastChange delete editAccounts editPostmasters",
        "postfixTransport description",
    ),
    (4, "JammPostmaster", AUXILIARY, "roleOccupant", ""),
]


def schema_of(asked):
    """What the running slapd says its schema is, to anybody."""
    names = ["attributeTypes", "objectClasses"]
    [(_, entry)] = asked.signed_in("").search_s("cn=Subschema", ldap.SCOPE_BASE, attrlist=names)
    return SubSchema(entry)


@pytest.mark.parametrize(
    ("number", "name", "syntax", "longest", "rules", "single"), ATTRIBUTES, ids=str
)
def test_attribute(either, number, name, syntax, longest, rules, single):
    found = schema_of(either).get_obj(AttributeType, name)

    assert found.oid == f"{ARC}.1.1.{number}"
    assert found.names == (name,)
    assert found.syntax == syntax
    assert (found.syntax_len or 0) == longest
    assert (found.equality, found.substr) == rules
    assert found.ordering is None
    assert bool(found.single_value) is single


@pytest.mark.parametrize(("number", "name", "kind", "must", "may"), CLASSES, ids=str)
def test_object_class(either, number, name, kind, must, may):
    found = schema_of(either).get_obj(ObjectClass, name)

    assert found.oid == f"{ARC}.1.2.{number}"
    assert found.names == (name,)
    assert found.kind == kind
    assert found.sup == ("top",)
    assert set(found.must) == set(must.split())
    assert set(found.may) == set(may.split())


def test_there_is_nothing_else_below_the_number_of_jamm(either):
    schema = schema_of(either)
    numbers = [*schema.listall(AttributeType), *schema.listall(ObjectClass)]

    assert sum(oid.startswith(f"{ARC}.") for oid in numbers) == len(ATTRIBUTES) + len(CLASSES)
