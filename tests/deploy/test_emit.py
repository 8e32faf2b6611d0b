"""The emitted files: where they go, that they are whole, and that both forms say the same."""

import re

import pytest
from jinja2 import UndefinedError

from deploy.checks import check
from deploy.emit import Printer, emit, environment, rendered, write
from deploy.olc import olc
from deploy.programs import ProgramError
from deploy.site import Secrets, Site, Slapd

PROFILES = ["strict", "howto"]
FULL = {
    "secrets": Secrets(admin_password="for the admin", manager_password="for the manager"),
    "slapd": Slapd(
        tls_certificate="/etc/ssl/a.pem", tls_key="/etc/ssl/k.pem", tls_ca="/etc/ca.pem"
    ),
}


def texts(site):
    return {file.path.rpartition("/")[2]: file.text for file in rendered("slapd", site)}


def test_the_path_of_a_template_is_the_path_of_the_file(tmp_path):
    paths = emit(["slapd"], Site(), tmp_path)

    assert {str(path.relative_to(tmp_path)) for path in paths} == {
        "etc/ldap/base.ldif",
        "etc/ldap/schema/jamm.ldif",
        "etc/ldap/schema/jamm.schema",
        "etc/ldap/slapd.conf",
        "etc/ldap/slapd.ldif",
        "etc/systemd/system/slapd.service.d/restart.conf",
    }
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(paths)


@pytest.mark.parametrize("access", PROFILES)
def test_emitting_twice_gives_the_same(tmp_path, access):
    site = Site(access=access, **FULL)
    first = {path: path.read_bytes() for path in emit(["slapd"], site, tmp_path)}

    assert {path: path.read_bytes() for path in emit(["slapd"], site, tmp_path)} == first


@pytest.mark.parametrize("access", PROFILES)
@pytest.mark.parametrize("facts", [{}, FULL], ids=["default", "full"])
def test_the_files_read_well(access, facts):
    for name, text in texts(Site(access=access, **facts)).items():
        assert text.endswith("\n"), name
        assert not re.search(r"\n\n\n|[ \t]\n|^\n|\n\n$|\{\{|\{%", text), name


@pytest.mark.parametrize("access", PROFILES)
@pytest.mark.parametrize("facts", [{}, FULL], ids=["default", "full"])
def test_slaptest_accepts_both_forms(access, facts):
    said = check("slapd", Site(access=access, **facts))

    assert said == ["config file testing succeeded"] * 2


def test_a_suffix_with_a_blank_is_accepted_too():
    assert check("slapd", Site(suffix="o=Acme Mail,c=DE"))


def test_slaptest_is_heard_when_it_refuses():
    with pytest.raises(ProgramError, match=r"slaptest failed: .*back_mdb"):
        check("slapd", Site(slapd=Slapd(module_dir="/nowhere")))


def directives(conf, name):
    """The words after a directive of slapd.conf, each on one line."""
    joined = re.sub(r"\n[ \t]+", " ", re.sub(r"(?m)^#.*\n", "", conf))
    return re.findall(rf"(?m)^{name} (.*)$", joined)


def values(ldif, attribute):
    """The values of an attribute in the whole of an LDIF, without their numbers."""
    joined = re.sub(r"\n ", "", re.sub(r"(?m)^#.*\n", "", ldif))
    return [
        re.sub(r"^\{\d+\}", "", value) for value in re.findall(rf"(?m)^{attribute}: (.*)$", joined)
    ]


@pytest.mark.parametrize("access", PROFILES)
@pytest.mark.parametrize(
    ("directive", "attribute"),
    [
        ("access", "olcAccess"),
        ("limits", "olcLimits"),
        ("index", "olcDbIndex"),
        ("moduleload", "olcModuleLoad"),
        ("constraint_attribute", "olcConstraintAttribute"),
        ("restrict", "olcRestrict"),
        ("maxsize", "olcDbMaxSize"),
        ("password-hash", "olcPasswordHash"),
        ("password-crypt-salt-format", "olcPasswordCryptSaltFormat"),
        ("sssvlv-max", "olcSssVlvMax"),
        ("TLSCertificateKeyFile", "olcTLSCertificateKeyFile"),
        ("TLSProtocolMin", "olcTLSProtocolMin"),
        ("localSSF", "olcLocalSSF"),
        ("rootpw", "olcRootPW"),
    ],
)
def test_both_forms_say_the_same(access, directive, attribute):
    files = texts(Site(access=access, **FULL))

    said = [words.strip('"') for words in directives(files["slapd.conf"], directive)]
    assert said == [words.strip('"') for words in values(files["slapd.ldif"], attribute)]


def test_a_rule_is_the_same_in_cn_config_and_on_lines_of_its_own():
    rule = "# Why.\naccess to *\n    by self write\n    by * none\n\naccess to * by * read\n"

    assert olc(rule, access="olcAccess") == (
        "# Why.\nolcAccess: {0}to *\n  by self write\n  by * none\nolcAccess: {1}to * by * read"
    )


def test_a_fact_that_is_missing_is_an_error():
    template = environment("slapd", Site(), Printer(masked=False)).from_string("{{ nonesuch }}")

    with pytest.raises(UndefinedError, match="nonesuch"):
        template.render(Site().facts())


def test_a_file_is_replaced_whole_and_a_link_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    target = tmp_path / "slapd.conf"
    target.symlink_to(elsewhere)

    write(target, "new", 0o640)

    assert elsewhere.read_text() == "kept"
    assert (target.read_text(), target.is_symlink()) == ("new", False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "slapd.conf"]
