"""The map of all pages."""

from django.urls import include, path, register_converter

from vmail_admin import views
from vmail_admin.converters import AddressConverter, DomainConverter

register_converter(AddressConverter, "address")
register_converter(DomainConverter, "domain")

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in_page, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("", include("vmail_admin.signing_in.urls")),
    path("theme/", views.theme, name="theme"),
    path("", include("vmail_admin.journal.urls")),
    path("", include("domains.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.bulk.urls")),
    path("", include("accounts.exports.urls")),
    path("", include("deploy.urls")),
    path("", include("vmail_admin.running.doors")),
]

handler400 = "vmail_admin.running.pages.not_understood"
handler500 = "vmail_admin.running.pages.failed"
