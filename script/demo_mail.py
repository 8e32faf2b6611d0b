"""The mail servers of the demo: Postfix and Dovecot on the emitted files, on high loopback ports.

They change to users of their own, so it takes root, and a folder that those users may pass: it lies
in /var/tmp, and the demo's own folder holds a link to it.
"""

import os
import secrets
import shlex
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace

from deploy.private_mail import PrivateMail
from deploy.programs import run
from script.demo_servers import Server, Trouble
from script.sample_people import PEOPLE_SIGN_IN_WITH, POSTMASTERS, SHIPPING
from script.sample_site import sample_site

READER = f"mateo.garcia@{SHIPPING}"
SERVERS = {"postfix": "Postfix", "dovecot": "Dovecot"}


def need_root():
    if os.geteuid() != 0:
        raise Trouble("Only root can start Postfix and Dovecot: sudo script/demo --mail")


def mail_folder(folder):
    """Where the mail of this demo is: made when missing, in a place nobody else can foresee."""
    link = folder / "mail"
    if not link.is_dir():
        link.unlink(missing_ok=True)
        link.symlink_to(tempfile.mkdtemp(prefix="vmail-demo-", dir="/var/tmp"))
    return link.resolve()


def forget_mail(folder):
    """What --fresh removes besides the folder itself."""
    link = folder / "mail"
    if link.is_symlink() and link.resolve().name.startswith("vmail-demo-"):
        shutil.rmtree(link.resolve(), ignore_errors=True)


@contextmanager
def started_mail(folder, slapd):
    """Both servers, once they take connections: a PrivateMail, and a Server for each of them."""
    print("Starting Postfix and Dovecot", flush=True)
    site = site_with_mail(service_password(folder, slapd))
    with PrivateMail(mail_folder(folder), site, [slapd.ldap_uri]) as mail:
        running = [
            Server(name, "", getattr(mail, key).pid, getattr(mail, key).log_path)
            for key, name in SERVERS.items()
        ]
        yield mail, running


def site_with_mail(password):
    site = sample_site()
    return replace(
        site,
        imap="dovecot",
        secrets=replace(site.secrets, service_password=password),
        postfix=replace(site.postfix, postmaster=POSTMASTERS[SHIPPING][0]),
    )


def service_password(folder, slapd):
    """A new one at every start: the directory may be from a demo that had no mail."""
    file = folder / "service.secret"
    password = secrets.token_urlsafe(24)
    file.touch(mode=0o600)
    file.write_text(password)
    who = ["-Q", "-Y", "EXTERNAL", "-H", slapd.address]
    run("ldappasswd", *who, "-T", str(file), sample_site().mailservice)
    return password


def show_mail(mail):
    """How to send and to read, in commands that do so as they stand."""
    print("Send somebody a mail, as another mail server would:\n")
    print(f"  {sending(mail)}\n")
    print("Read the last mail of somebody:\n")
    print(f"  {reading(mail)}\n")
    print("For an account you made, put its address and password there. It begins with a welcome.")
    print(f"A mail program finds IMAP on port {mail.site.listen.imaps} and submission on port")
    print(
        f"{mail.site.listen.submissions} of 127.0.0.1, both with TLS. What is sent elsewhere ends"
    )
    print(f"up in {mail.elsewhere}; nothing leaves this machine.\n", flush=True)


def sending(mail):
    server = f"smtp://127.0.0.1:{mail.site.listen.smtp}/friend.example"
    who = "--mail-from friend@friend.example --mail-rcpt"
    return (
        r"printf 'From: friend@friend.example\nSubject: Hello\n\nCan you read this?\n' |"
        f" curl -sS --crlf {server} {who} {READER} -T -"
    )


def reading(mail):
    inbox = shlex.quote(f"imaps://127.0.0.1:{mail.site.listen.imaps}/INBOX;MAILINDEX=*")
    person = f"--user {READER}:{PEOPLE_SIGN_IN_WITH}"
    return f"curl -sS --cacert {mail.certificate} {person} {inbox}"
