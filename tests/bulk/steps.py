"""How the tests go through a job: as the script of the page does, step by step."""

from accounts.bulk.models import Job
from tests.settings import FOLDER

IMPORT = "/domains/example.test/import/"
SELECTED = "/domains/example.test/selected/"


def worked(client, url, most=200):
    """The page of a job once it is not at work any more."""
    for _ in range(most):
        page = client.get(url)
        if not page.context or not page.context["job"].is_working:
            return page
        assert one_step(client, url).status_code == 200
    raise AssertionError("The work does not end.")


def one_step(client, url):
    return client.post(f"{url}step/", headers={"accept": "application/json"})


def imported(client, text, kind="accounts", passwords="none"):
    """The preview of a pasted table."""
    fields = {"kind": kind, "pasted": text, "passwords": passwords}
    answer = client.post(IMPORT, fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return worked(client, answer.url)


def started(client, page):
    """The results of a job that waited for its word."""
    url = page.request["PATH_INFO"]
    client.post(f"{url}start/")
    return worked(client, url)


def chosen(client, act, *mails, **fields):
    answer = client.post(SELECTED, {"act": act, "mail": mails, **fields})
    return worked(client, answer.url)


def url_of(page):
    return page.request["PATH_INFO"]


def job_of(page):
    return Job.objects.get(pk=page.context["job"].pk)


def in_database(text):
    """Whether the file of the database, or its log, holds this text."""
    files = list(FOLDER.glob("panel.sqlite3*"))
    assert files
    return any(text.encode() in file.read_bytes() for file in files)
