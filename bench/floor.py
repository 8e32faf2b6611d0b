"""What slapd has to be asked for a page at the least, by bare python-ldap as rootdn."""

import time

import ldap
import ldap.sasl
from ldap.controls.sss import SSSRequestControl
from ldap.controls.vlv import VLVRequestControl

from accounts.models import Address, MailAccount, MailAlias
from bench.site import HASH, PASSWORD
from domains.models import Postmaster, VirtualDomain
from vmail_admin.directory.counts import EITHER, MOST
from vmail_admin.directory.names import domain_dn, domain_of, postmaster_dn

A_PAGE = 50
FOUND_A_PAGE = 25
DOMAINS_A_PAGE = 25


class Floor:
    def __init__(self, slapd):
        self.slapd = slapd
        self.lists_held = 0
        self.connect()

    def connect(self):
        self.connection = ldap.initialize(self.slapd.ldapi_uri)
        self.connection.sasl_interactive_bind_s("", ldap.sasl.external())

    def page(self, entries, rule, size, number=1):
        """One sorted page. slapd holds a list per page asked, so the connection is renewed."""
        self.lists_held += 1
        if self.lists_held % 4 == 0:
            self.connect()
        offset = 1 + (number - 1) * size
        controls = [
            SSSRequestControl(True, ordering_rules=[rule]),
            VLVRequestControl(True, 0, size - 1, offset=offset, content_count=0),
        ]
        lookup = entries.lookup()
        message = self.connection.search_ext(*lookup, entries.attributes(), serverctrls=controls)
        return self.connection.result3(message)

    def all(self, entries):
        return self.connection.search_s(*entries.lookup(), entries.attributes())

    def frame(self, domain):
        self.all(VirtualDomain.objects.named(domain))
        self.all(Postmaster.objects.at(postmaster_dn(domain)))

    def list(self, domain, search="", page=1):
        self.frame(domain)
        entries = Address.objects.in_domain(domain)
        if not search:
            self.all(
                entries.filter(mail__in=[f"{one}@{domain}" for one in ("abuse", "postmaster", "")])
            )
        size = FOUND_A_PAGE if search else A_PAGE
        self.page(entries.matching(search), "mail:caseIgnoreOrderingMatch", size, page)

    def account(self, mail):
        self.frame(domain_of(mail))
        self.all(MailAccount.objects.of(mail))
        self.all(MailAlias.objects.in_domain(domain_of(mail)).pointing_to(mail))

    def domains(self):
        entries = VirtualDomain.objects.all()
        _, found, _, _ = self.page(entries, "jvd:caseIgnoreOrderingMatch", DOMAINS_A_PAGE)
        for name in (values["jvd"][0].decode() for _, values in found):
            scope, wanted = ldap.SCOPE_ONELEVEL, ["structuralObjectClass"]
            message = self.connection.search_ext(
                domain_dn(name), scope, EITHER, wanted, sizelimit=MOST
            )
            try:
                self.connection.result3(message)
            except ldap.SIZELIMIT_EXCEEDED:
                continue

    def find(self, text):
        """A page's worth of what matches, or a sorted page where there is more."""
        entries = Address.objects.all().matching(text)
        message = self.connection.search_ext(
            *entries.lookup(), entries.attributes(), sizelimit=FOUND_A_PAGE
        )
        try:
            self.connection.result3(message)
        except ldap.SIZELIMIT_EXCEEDED:
            self.page(entries, "mail:caseIgnoreOrderingMatch", FOUND_A_PAGE)

    def give_password(self, dn):
        self.connection.modify_s(dn, [(ldap.MOD_REPLACE, "userPassword", [HASH.encode()])])

    def bound(self, dn, password=PASSWORD):
        connection = ldap.initialize(self.slapd.ldapi_uri)
        connection.simple_bind_s(dn, password)
        return connection

    def sign_in(self, dn):
        self.bound(dn).unbind_s()

    def change_password(self, dn, old, new):
        connection = self.bound(dn, old)
        connection.passwd_s(dn, old, new)
        stamp = str(int(time.time())).encode()
        connection.modify_s(dn, [(ldap.MOD_REPLACE, "lastChange", [stamp])])
        connection.unbind_s()
