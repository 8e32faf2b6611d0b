"""What people do with Courier: sign in, read, and be told no."""

import contextlib
import imaplib
import poplib
import socket
import ssl
from email import message_from_bytes
from pathlib import Path

from deploy.private_courier import need_software
from deploy.programs import ProgramError
from tests.mail.post import Post

HERE = "127.0.0.1"


def software():
    """Where courier-imap is: installed, or unpacked by script/courier."""
    unpacked = Path(__file__).parents[3] / "var" / "courier"
    where = unpacked if unpacked.exists() else Path("/")
    need_software(where)
    return where


class Reading(Post):
    """The mail server of Post, where Courier shows the mail."""

    def __init__(self, mail, courier):
        super().__init__(mail)
        self.courier = courier
        self._slapd_pid = None

    def after_a_restart_of(self, slapd):
        """authdaemond's processes refuse one person each before they notice that it is another."""
        if self._slapd_pid not in (None, slapd.pid):
            self.courier.stop()
            self.courier.start()
        self._slapd_pid = slapd.pid

    def accepts(self, login, password):
        """What authdaemond says to this password: authtest asks it without the wait of IMAP."""
        try:
            self.courier.run("authtest", login, password)
        except ProgramError as error:
            assert "Authentication FAILED: Operation not permitted" in str(error), error
            return False
        return True

    def everybody(self):
        """Who has a mailbox, as Courier sees it: name, uid, gid, home, Maildir, options."""
        lines = self.courier.run("authenumerate", "-o").splitlines()
        return [line.split("\t") for line in lines if "@" in line]

    def refused_to_read(self, login, password, wrapped=True):
        """What IMAP says to whoever may not sign in; None to who may."""
        try:
            with self.imap(login, password, wrapped):
                return None
        except imaplib.IMAP4.error as error:
            return str(error)

    @contextlib.contextmanager
    def pop(self, login, password, wrapped=True):
        """Signed in to fetch: TLS from the start on 995, or STLS on 110."""
        if wrapped:
            pop = poplib.POP3_SSL(HERE, self.listen.pop3s, context=self.trust)
        else:
            pop = poplib.POP3(HERE, self.listen.pop3)
            pop.stls(self.trust)
        try:
            pop.user(login)
            pop.pass_(password)
            yield pop
        finally:
            pop.quit()

    def read(self, login, password, word, folder="INBOX", wrapped=True):
        """The mail with this word, as an IMAP client reads it; None where the folder has none."""
        with self.imap(login, password, wrapped) as imap:
            assert imap.select(folder)[0] == "OK"
            for number in imap.search(None, "SUBJECT", f'"{word}"')[1][0].split():
                # Courier puts the changed flags into a line of their own.
                parts = imap.fetch(number, "(RFC822)")[1]
                [text] = [part[1] for part in parts if isinstance(part, tuple)]
                return message_from_bytes(text)
        return None

    def tls(self, port, version):
        """Which version of TLS is agreed on when this one is offered, or ssl's exception."""
        offer = ssl.create_default_context(cafile=str(self.mail.certificate))
        # Otherwise OpenSSL itself would refuse an old one, and prove nothing.
        offer.set_ciphers("DEFAULT:@SECLEVEL=0")
        offer.minimum_version = offer.maximum_version = version
        with (
            socket.create_connection((HERE, getattr(self.listen, port))) as connection,
            offer.wrap_socket(connection, server_hostname=HERE) as secured,
        ):
            return secured.version()

    def quota(self, login, password):
        """How much is there and how much may be, in kilobytes; None where there is no quota."""
        with self.imap(login, password) as imap:
            roots = imap.getquotaroot("INBOX")[1][1]
        if b"STORAGE" not in roots[0]:
            return None
        words = roots[0].decode().rstrip(")").split()
        return tuple(int(word) for word in words[-2:])

    def comes(self, mailbox, *recipients):
        """A mail that is sent, and lies in its Maildir: its word."""
        subject = self.send(*recipients)
        assert self.file(mailbox, subject), "the mail did not come"
        return subject
