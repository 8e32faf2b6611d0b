from django.urls import path

from accounts.exports import views

urlpatterns = [
    path("domains/<domain:domain_name>/export.csv", views.export_csv, name="export-csv"),
    path("domains/<domain:domain_name>/export.ldif", views.export_ldif, name="export-ldif"),
]
