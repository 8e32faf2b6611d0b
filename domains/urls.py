from django.urls import path

from domains import views

urlpatterns = [
    path("domains/", views.domain_list, name="domain-list"),
    path("domains/new/", views.domain_new, name="domain-new"),
    path("domains/<domain:domain_name>/settings/", views.domain_edit, name="domain-edit"),
    path("domains/<domain:domain_name>/switch/", views.domain_switch, name="domain-switch"),
    path("domains/<domain:domain_name>/appoint/", views.domain_appoint, name="domain-appoint"),
    path("domains/<domain:domain_name>/dismiss/", views.domain_dismiss, name="domain-dismiss"),
    path("domains/<domain:domain_name>/retire/", views.domain_retire, name="domain-retire"),
    path("domains/<domain:domain_name>/finish/", views.domain_finish, name="domain-finish"),
    path("domains/<domain:domain_name>/restore/", views.domain_restore, name="domain-restore"),
]
