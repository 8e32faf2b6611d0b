"""Names: renaming and moving in every form, and entries that are no accounts and no aliases."""

from tests.access.cells import POSTMASTER as OF_DOMAIN
from tests.access.cells import RENAME, SITE_ADMIN
from tests.access.people import ALIAS, SECOND, TESS, THIRD, TOM, VIC
from tests.access.probe import Attack
from tests.access.tries import add, by_ldif, is_there, rename
from tests.deploy.cast import ADMIN, ALICE, CAROL, DAVE, EXAMPLE, NEWS, PAT, POSTMASTER, SITE, VERA

from .reasons import NO_SUCH_ENTRY, OWN_DOMAIN_ONLY

TAKES_MAIL = "the new name passes by the rules for addresses"
HIDES = "lists of a domain do not show it, look-ups find it"
POINTS = "leads other programs to where the attacker wants"
RULE = "restrict rename"

ATTACKS = [
    Attack(PAT, rename(ALICE, "mail=ceo@other.test"), TAKES_MAIL, RULE, cell=(RENAME, OF_DOMAIN)),
    Attack(PAT, rename(ALICE, "mail=ceo@other.test", keep_old=True), TAKES_MAIL, RULE),
    Attack(PAT, rename(ALICE, "mail=@other.test"), TAKES_MAIL, RULE),
    Attack(PAT, rename(NEWS, "mail=@other.test"), TAKES_MAIL, RULE),
    Attack(
        PAT, rename(ALICE, "mail=alicia@example.test"), "leaves mailbox and address apart", RULE
    ),
    Attack(PAT, rename(ALICE, "mail=alice@example.test+uidNumber=0"), TAKES_MAIL, RULE),
    Attack(PAT, rename(ALICE, "uidNumber=0", keep_old=True), TAKES_MAIL, RULE),
    Attack(PAT, rename(ALICE, "clearPassword=x", keep_old=True), TAKES_MAIL, RULE),
    Attack(PAT, rename(ALICE, "cn=alice", keep_old=True), HIDES, RULE),
    Attack(PAT, rename(POSTMASTER, "cn=nobody"), "leaves the domain without a postmaster", RULE),
    Attack(PAT, rename(POSTMASTER, "mail=postmaster@example.test"), "hides the list", RULE),
    Attack(PAT, rename(ALICE, "cn=postmaster2", keep_old=True), "looks like a list", RULE),
    Attack(PAT, rename(ALICE, "mail=alice@example.test", under=VERA), HIDES, RULE),
    Attack(PAT, rename(ALICE, "mail=alice@example.test", under=POSTMASTER), HIDES, RULE),
    Attack(PAT, rename(EXAMPLE, "jvd=mine.test"), "takes a domain", RULE, OWN_DOMAIN_ONLY),
    Attack(
        PAT,
        rename(ALICE, "mail=alice@example.test", under=CAROL.partition(",")[2]),
        "puts an entry into another domain",
        RULE,
        OWN_DOMAIN_ONLY,
    ),
    Attack(
        PAT,
        rename(ALICE, "mail=alice@example.test", under=SITE.admins),
        "puts an entry among the site admins",
        RULE,
        NO_SUCH_ENTRY,
    ),
    Attack(
        TESS,
        rename(TOM, "mail=tom@second.test", under=THIRD),
        "an address is in another domain",
        RULE,
    ),
    Attack(TESS, rename(TOM, "mail=@other.test", under=THIRD), TAKES_MAIL, RULE),
    Attack(
        PAT,
        by_ldif(
            "rename with ldapmodify",
            f"dn: {NEWS}\nchangetype: modrdn\nnewrdn: mail=ceo@other.test\ndeleteoldrdn: 1\n",
            is_there(f"mail=ceo@other.test,{EXAMPLE}"),
        ),
        TAKES_MAIL,
        RULE,
    ),
    Attack(
        TESS,
        by_ldif(
            "move with ldapmodify",
            f"dn: {TOM}\nchangetype: moddn\nnewrdn: mail=tom@second.test\ndeleteoldrdn: 0\n"
            f"newsuperior: {THIRD}\n",
            is_there(f"mail=tom@second.test,{THIRD}"),
        ),
        "an address is in another domain",
        RULE,
    ),
    Attack(
        ADMIN,
        rename(DAVE, "mail=david@example.test"),
        "leaves mailbox and address apart",
        RULE,
        cell=(RENAME, SITE_ADMIN),
    ),
    Attack(ADMIN, rename(VIC, "mail=victor@example.test"), "leaves roles and name apart", RULE),
    Attack(ADMIN, rename(SECOND, "jvd=renamed.test"), "leaves every address behind", RULE),
    Attack(
        PAT,
        add(f"ou=hidden,{EXAMPLE}", objectClass="organizationalUnit", ou="hidden"),
        "a place that the rules for accounts do not know",
        "8",
    ),
    Attack(
        PAT,
        add(
            f"mail=ceo@other.test,{EXAMPLE}",
            objectClass=["device", "extensibleObject"],
            cn="x",
            mail="ceo@other.test",
            maildrop="pat@example.test",
        ),
        HIDES,
        "7b",
    ),
    Attack(
        PAT,
        add(f"mail=x@example.test+cn=x,{EXAMPLE}", mail="x@example.test", cn="x", **ALIAS),
        HIDES,
        "8",
    ),
    Attack(PAT, add(f"cn=x,{EXAMPLE}", cn="x", mail="x@example.test", **ALIAS), HIDES, "8"),
    Attack(
        PAT,
        add(
            f"mail=x@example.test,{EXAMPLE}",
            note="the class of an LDAP alias",
            objectClass=["alias", "extensibleObject"],
            aliasedObjectName=CAROL,
            mail="x@example.test",
        ),
        POINTS,
        "7b",
    ),
    Attack(
        PAT,
        add(
            f"mail=x@example.test,{EXAMPLE}",
            note="the class of a referral",
            objectClass=["referral", "extensibleObject"],
            ref="ldap://evil.test/",
            mail="x@example.test",
        ),
        POINTS,
        "7b",
    ),
    Attack(
        PAT,
        add(
            f"cn=x,{EXAMPLE}",
            note="a subentry",
            objectClass="subentry",
            cn="x",
            subtreeSpecification="{}",
        ),
        POINTS,
        "8",
    ),
    Attack(
        PAT,
        add(
            f"mail=x@example.test,{EXAMPLE}",
            note="root's number",
            mail="x@example.test",
            **ALIAS | {"objectClass": ["JammMailAlias", "extensibleObject"]},
            uidNumber="0",
        ),
        HIDES,
        "7b",
    ),
]
