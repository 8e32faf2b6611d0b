"""slapd: it holds what the emitted files say, and shows each person what is theirs."""

import re
import socket
import tempfile
from pathlib import Path

import ldap

from deploy.private_slapd import FORMS, PrivateSlapd
from deploy.programs import ProgramError, program, run, run_quietly

from .checks import NotAsked, Wrong, advice, check
from .lookups import an_account, as_mail_server
from .target import PATIENCE, Target

CLASSES = {"JammMailAccount", "JammMailAlias", "JammVirtualDomain", "JammPostmaster"}
PASSWORDS = "(|(userPassword=*)(clearPassword=*))"
TRANSACTIONS = b"1.3.6.1.1.21.1"
MOST_FULL = 0.8
COMPARED = ("olcAccess", "olcLimits", "olcDbIndex")
PORTS = {"ldap": 389, "ldaps": 636}


def sees(connection, base: str, filter_: str = "(objectClass=*)") -> bool:
    """Whether a search finds anything."""
    try:
        number = connection.search_ext(base, ldap.SCOPE_SUBTREE, filter_, ["1.1"], sizelimit=1)
        return bool(connection.result(number)[1])
    except ldap.SIZELIMIT_EXCEEDED:
        return True
    except (ldap.NO_SUCH_OBJECT, ldap.INSUFFICIENT_ACCESS, ldap.INAPPROPRIATE_AUTH):
        return False


def sees_passwords(target: Target, connection) -> bool:
    """Whether a search for passwords finds anything: it need not be shown to be guessed."""
    bases = (target.site.suffix, target.site.hosting)
    return any(sees(connection, base, PASSWORDS) for base in bases)


@check("slapd shows nobody an address without signing in", "emit and install slapd's files")
def nobody_sees_addresses(target: Target) -> None:
    if target.site.access == "howto":
        raise NotAsked('access = "howto" lets anybody list them')
    if sees(target.directory(), target.site.hosting, "(mail=*)"):
        raise Wrong("a search without signing in finds addresses")


@check("slapd shows nobody a password", "emit and install slapd's files")
def nobody_sees_passwords(target: Target) -> None:
    if sees_passwords(target, target.directory()):
        raise Wrong("a search without signing in matches on passwords")


@check(
    "the mail servers find addresses in slapd",
    "give cn=mailservice the password of secrets.service_password_file: ldappasswd -Y EXTERNAL",
)
def service_sees_addresses(target: Target) -> str:
    return f"such as {an_account(target)['mail'][0].decode()}"


@check("the mail servers see no password in slapd", "emit and install slapd's files")
def service_sees_no_passwords(target: Target) -> None:
    if sees_passwords(target, as_mail_server(target)):
        raise Wrong("cn=mailservice can search for passwords")


@check("a postmaster sees the own domain in slapd, and no other", "emit and install slapd's files")
def postmaster_sees_the_own_domain(target: Target) -> str:
    if not target.postmaster_password:
        raise NotAsked("no postmaster was named: --postmaster")
    local_part, _, domain = target.postmaster.partition("@")
    own = f"jvd={domain},{target.site.hosting}"
    name = "cn=postmaster" if local_part == "postmaster" else f"mail={target.postmaster}"
    connection = target.directory(f"{name},{own}", target.postmaster_password.reveal())
    if not sees(connection, own, "(mail=*)"):
        raise Wrong(f"finds no address in {domain}")
    others = f"(&(mail=*)(!(mail=*@{domain})))"
    if target.site.access == "strict" and sees(connection, target.site.hosting, others):
        raise Wrong("finds addresses of other domains")
    return domain


@check("slapd knows the schema", "ldapadd -Y EXTERNAL -H ldapi:/// -f jamm.ldif")
def schema_is_there(target: Target) -> None:
    connection = target.directory()
    [(_, entry)] = connection.search_s(
        "cn=Subschema", ldap.SCOPE_BASE, "(objectClass=*)", ["objectClasses"]
    )
    words = " ".join(value.decode() for value in entry.get("objectClasses", []))
    if missing := sorted(name for name in CLASSES if f"'{name}'" not in words):
        raise Wrong(f"there is no {', '.join(missing)}")


def running(target: Target) -> dict[str, list[str]]:
    """The configuration of the database, as slapd says it."""
    connection = target.directory_as_root()
    entries = connection.search_s(
        "cn=config", ldap.SCOPE_SUBTREE, f"(olcSuffix={target.site.suffix})"
    )
    if not entries:
        raise Wrong(f"no database has the suffix {target.site.suffix}, or this user may not ask")
    return {name: [one.decode() for one in values] for name, values in entries[0][1].items()}


def emitted(target: Target, form: str) -> dict[str, list[str]]:
    """The same of the emitted files, as a slapd says it that reads this form of them."""
    with tempfile.TemporaryDirectory(prefix="slapd-") as folder:
        private = PrivateSlapd(Path(folder), target.site, form=form)
        private.load("")
        config = ["-F", str(private.config_path)]
        if form == "conf":
            config = ["-F", str(Path(folder) / "slapd.d")]
            Path(config[1]).mkdir()
            run("slaptest", *private.config_arguments, *config)
        text = run("slapcat", "-n", "0", *config, "-o", "ldif-wrap=no")
    [entry] = [
        part for part in text.split("\n\n") if f"\nolcSuffix: {target.site.suffix}\n" in part
    ]
    values: dict[str, list[str]] = {}
    for name, value in re.findall(r"(?m)^(\w+): (.*)$", entry):
        values.setdefault(name, []).append(value)
    return values


@check(
    "slapd runs with the rules, limits and indexes that are emitted",
    "emit slapd --diff, install it, and restart slapd; after a new index run slapindex",
)
def rules_are_the_emitted_ones(target: Target) -> None:
    live = running(target)
    forms = [emitted(target, form) for form in FORMS]
    for name in COMPARED:
        # slapd.conf and cn=config spell some values differently.
        if plain(live, name) not in [plain(wanted, name) for wanted in forms]:
            raise Wrong(f"{name} differs")


def plain(values: dict[str, list[str]], name: str) -> list[str]:
    return sorted(" ".join(value.split()) for value in values.get(name, []))


@check("slapd's database may grow as large as the site file says", "set maxsize, restart slapd")
def maxsize_is_enough(target: Target) -> str:
    found = int(running(target).get("olcDbMaxSize", ["0"])[0])
    if found < target.site.slapd.max_size:
        raise Wrong(f"maxsize is {found}; slapd.max_size_gb makes it {target.site.slapd.max_size}")
    return f"{found // 2**20} MB"


@check("slapd's database has room", "raise slapd.max_size_gb and install slapd's files")
def database_has_room(target: Target) -> str:
    values = running(target)
    file = Path(values["olcDbDirectory"][0]) / "data.mdb"
    part = file.stat().st_blocks * 512 / int(values["olcDbMaxSize"][0])
    if part > MOST_FULL:
        raise Wrong(f"{part:.0%} are used")
    return f"{part:.1%} used"


def takes_connections(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=PATIENCE / 4):
            return True
    except OSError:
        return False


def needs_socket_to_write(target: Target) -> bool:
    """Whether slapd takes changes over the socket of its machine only."""
    connection = target.directory_as_root()
    [(_, entry)] = connection.search_s("cn=config", ldap.SCOPE_BASE, attrlist=["olcSecurity"])
    words = b" ".join(entry.get("olcSecurity", [])).decode()
    found = re.search(r"update_transport=(\d+)", words)
    return bool(found and int(found[1]) > 1)


@check(
    "slapd is changed over the socket of its machine only",
    "emit slapd --diff, install it, and restart slapd",
)
def changed_over_socket_only(target: Target) -> None:
    if not target.site.slapd.local_writes:
        raise NotAsked("slapd.local_writes is false")
    if not needs_socket_to_write(target):
        raise Wrong("it takes changes from the network too")


@advice(
    "who could crash slapd with an LDAP transaction (RFC 5805)",
    "nothing here uses them. Where the panel runs beside slapd, say local_writes = true in [slapd] "
    "and emit; else let only the machines of this site reach slapd (slapd -h, or a firewall)",
)
def transactions(target: Target) -> str:
    [(_, entry)] = target.directory().search_s(
        "", ldap.SCOPE_BASE, "(objectClass=*)", ["supportedExtension"]
    )
    if TRANSACTIONS not in entry.get("supportedExtension", []):
        return "nobody: this slapd offers none"
    if needs_socket_to_write(target):
        return f"who is on this machine and signs in; nobody over the network; {what_comes_after()}"
    host = target.host
    ports = [f"{name}://{host}" for name, port in PORTS.items() if takes_connections(host, port)]
    reached = " and ".join(ports) if ports else "slapd from this machine"
    return f"who reaches {reached} and signs in; {what_comes_after()}"


def what_comes_after() -> str:
    """What systemd does when slapd has crashed. It watches a process only where it knows which."""
    try:
        shown = run_quietly([program("systemctl"), "show", "-p", "Restart,MainPID", "slapd"], None)
    except ProgramError:
        return "no systemd starts it again"
    facts = dict(line.split("=", 1) for line in shown.stdout.split() if "=" in line)
    word, process = facts.get("Restart", ""), facts.get("MainPID", "0")
    if word in ("", "no"):
        return "nothing starts it again"
    if process == "0" and word != "always":
        return "systemd does not know its process (PIDFile=), so nothing starts it again"
    return "systemd starts it again"


CHECKS = (
    schema_is_there,
    nobody_sees_addresses,
    nobody_sees_passwords,
    service_sees_addresses,
    service_sees_no_passwords,
    postmaster_sees_the_own_domain,
    rules_are_the_emitted_ones,
    maxsize_is_enough,
    database_has_room,
    changed_over_socket_only,
    transactions,
)
