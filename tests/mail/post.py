"""What people do with mail: send it, look whether it came, sign in and read it."""

import contextlib
import imaplib
import re
import smtplib
import ssl
import time
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

PATIENCE = 60


class Post:
    """A private mail server as seen from outside. A mail is known by a word nobody else uses."""

    def __init__(self, mail):
        self.mail = mail
        self.listen = mail.site.listen
        self.home = Path(mail.site.mail_home)
        self.trust = ssl.create_default_context(cafile=str(mail.certificate))

    def send(self, *recipients, sender=None, source="127.0.0.1", size=0):
        """Hands a mail to port 25, as another server would. Its word, or smtplib's exception."""
        with smtplib.SMTP("127.0.0.1", self.listen.smtp, source_address=(source, 0)) as smtp:
            return hand_in(smtp, recipients, sender, size)

    def refusal(self, recipient, source="127.0.0.1"):
        """What a stranger is told who sends there; None when the mail is taken."""
        try:
            self.send(recipient, source=source)
        except smtplib.SMTPRecipientsRefused as refused:
            return said(*refused.recipients[recipient])
        return None

    @contextlib.contextmanager
    def submission(self, login, password, wrapped=False):
        """Signed in to send: STARTTLS on 587, or TLS from the start on 465."""
        if wrapped:
            port = self.listen.submissions
            smtp = smtplib.SMTP_SSL("127.0.0.1", port, context=self.trust)
        else:
            smtp = smtplib.SMTP("127.0.0.1", self.listen.submission)
            smtp.starttls(context=self.trust)
        with smtp:
            smtp.login(login, password)
            yield smtp

    def may_send_as(self, login, password, sender, recipient):
        """None when the mail is taken, or what is said against it."""
        with self.submission(login, password) as smtp:
            try:
                hand_in(smtp, [recipient], sender)
            except smtplib.SMTPRecipientsRefused as refused:
                return said(*refused.recipients[recipient])
        return None

    def signs_in_to_send(self, login, password):
        try:
            with self.submission(login, password):
                return True
        except smtplib.SMTPAuthenticationError:
            return False

    @contextlib.contextmanager
    def imap(self, login, password, wrapped=True):
        """Signed in to read: TLS from the start on 993, or STARTTLS on 143."""
        if wrapped:
            imap = imaplib.IMAP4_SSL("127.0.0.1", self.listen.imaps, ssl_context=self.trust)
        else:
            imap = imaplib.IMAP4("127.0.0.1", self.listen.imap)
            imap.starttls(self.trust)
        try:
            imap.login(login, password)
            yield imap
        finally:
            imap.logout()

    def signs_in_to_read(self, login, password, wrapped=True):
        try:
            with self.imap(login, password, wrapped):
                return True
        except imaplib.IMAP4.error as error:
            assert "AUTHENTICATIONFAILED" in str(error), error
            return False

    def read(self, login, password, word, folder="INBOX", wrapped=True):
        """The mail with this word, as an IMAP client reads it; None where the folder has none."""
        with self.imap(login, password, wrapped) as imap:
            status, answer = imap.select(folder)
            assert status == "OK", answer
            for number in imap.search(None, "SUBJECT", word)[1][0].split():
                return message_from_bytes(imap.fetch(number, "(RFC822)")[1][0][1])
        return None

    def file(self, mailbox, word):
        """The file of a mail in a Maildir; None where it did not come."""
        return waited_for(lambda: self.found(mailbox, word))

    def found(self, mailbox, word):
        folder = self.home / mailbox / "new"
        for file in folder.iterdir() if folder.is_dir() else []:
            if word in file.read_text(errors="replace"):
                return file
        return None

    def left_the_machine(self, word):
        """What the rest of the world got."""
        return waited_for(lambda: found_below(self.mail.elsewhere, word))

    def fate(self, word, recipient):
        """What Postfix's log says at last about a mail from outside and one of its recipients."""
        queued = self.log(rf"(\w+): from=<{word}@sender.test>")
        return self.log(rf"{queued[1]}: to=<{recipient}>.*(status=.*)")[1]

    def log(self, pattern):
        """The last line of Postfix's log that matches, waited for."""

        def look():
            lines = self.mail.postfix.log_path.read_text(errors="replace").splitlines()
            return next(filter(None, (re.search(pattern, line) for line in reversed(lines))), None)

        return waited_for(look)


def hand_in(smtp, recipients, sender, size=0):
    word = uuid4().hex
    message = EmailMessage()
    message["Subject"] = word
    message["From"] = sender = sender or f"{word}@sender.test"
    message["To"] = ", ".join(recipients)
    message.set_content("Hello.\n" + ("x" * 70 + "\n") * (size // 71))
    # Here nothing is refused halfway: whoever sends to several wants to reach them all.
    assert not smtp.sendmail(sender, recipients, message.as_bytes())
    return word


def said(code, text):
    return f"{code} {text.decode()}"


def found_below(folder, word):
    return next((text for text in map(Path.read_text, folder.iterdir()) if word in text), None)


def waited_for(look):
    until = time.monotonic() + PATIENCE
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.02)
    return found
