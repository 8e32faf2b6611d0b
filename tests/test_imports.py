"""The arrows: who may know whom. README draws them."""

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
OURS = ("vmail_admin", "domains", "accounts", "deploy")

# Which of our modules those of a package may import.
ARROWS = {
    "accounts": ("accounts", "domains", "vmail_admin"),
    "domains": ("domains", "vmail_admin"),
    "deploy": ("deploy",),
    "deploy.views": ("deploy", "vmail_admin.directory.person"),
    "vmail_admin": ("vmail_admin",),
    # Everything about LDAP, and of the rest only how an address is spelt.
    "vmail_admin.directory": ("vmail_admin.directory", "vmail_admin.addresses"),
    "vmail_admin.addresses": (),
}
# Who speaks LDAP: the panel by one package, and a command that asks running servers as they ask.
SPEAKERS = ("vmail_admin.directory", "deploy.check_servers")
# Models name attributes in words; the fields for that are django-ldapdb's.
WORDS_FOR_ATTRIBUTES = "ldapdb.models.fields"


def modules():
    for folder in OURS:
        for file in (PROJECT / folder).rglob("*.py"):
            parts = file.relative_to(PROJECT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield name, file


def imports_of(name, file):
    """Every module that is imported, inside functions too, by its full name."""
    package = name if file.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join([*above, node.module or ""]).strip(".") if node.level else node.module
            yield from (f"{base}.{alias.name}" for alias in node.names)


EVERY = [(name, imported) for name, file in modules() for imported in imports_of(name, file)]


def is_in(name, packages):
    return any(f"{name}.".startswith(f"{package}.") for package in packages)


def longest(name):
    """The narrowest arrow that a module comes under."""
    return max((package for package in ARROWS if is_in(name, [package])), key=len)


def test_the_arrows_are_looked_at_all():
    assert len(list(modules())) > 60
    assert len(EVERY) > 300


@pytest.mark.parametrize("package", ARROWS)
def test_a_package_knows_only_whom_it_may_know(package):
    astray = [
        f"{name} imports {imported}"
        for name, imported in EVERY
        if longest(name) == package and is_in(imported, OURS)
        if not is_in(imported, ARROWS[package])
    ]
    assert astray == []


def test_only_the_directory_speaks_ldap():
    astray = [
        f"{name} imports {imported}"
        for name, imported in EVERY
        if is_in(imported, ("ldap", "ldapdb", "ldif", "_ldap")) and not is_in(name, SPEAKERS)
        if not is_in(imported, [WORDS_FOR_ATTRIBUTES])
    ]
    assert astray == []


def test_the_pages_about_servers_speak_no_ldap():
    """deploy's pages are shown in the panel; its command, which asks servers, stays outside."""
    astray = [name for name, imported in EVERY if is_in(imported, ["deploy.check_servers"])]

    assert {name for name in astray if not is_in(name, ["deploy.check_servers"])} <= {
        "deploy.management.commands.check_servers"
    }


def test_nothing_but_the_tests_knows_the_tests():
    assert [name for name, imported in EVERY if is_in(imported, ("tests", "script", "bench"))] == []
