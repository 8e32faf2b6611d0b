from django.urls import path

from vmail_admin.journal import trash_views, views

urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("journal/undo/", views.undo, name="journal-undo"),
    path("journal/reason/", views.reason, name="journal-reason"),
    path("domains/<domain:domain_name>/journal/", views.domain_journal, name="domain-journal"),
    path("me/journal/", views.my_journal, name="my-journal"),
    path("trash/", trash_views.trash, name="trash"),
    path("domains/<domain:domain_name>/trash/", trash_views.domain_trash, name="domain-trash"),
]
