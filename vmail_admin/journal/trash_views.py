"""The trash: what is deleted, by whom, until when it can come back, and the way back."""

from django.shortcuts import render

from vmail_admin.journal.readers import all_rows, rows_of_domain
from vmail_admin.journal.trash import trash_of_domain, trash_of_site
from vmail_admin.journal.views import Place


def trash(request):
    all_rows(request)  # is refused to whom the journal of the site is
    found, more = trash_of_site()
    return render(request, "journal/trash.html", {"found": found, "more": more})


def domain_trash(request, domain_name):
    rows_of_domain(request, domain_name)
    found, more = trash_of_domain(domain_name)
    context = {"found": found, "more": more, "domain": Place(domain_name)}
    return render(request, "journal/trash.html", context)
