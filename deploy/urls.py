from django.urls import path

from deploy import views

urlpatterns = [
    path("deploy/", views.servers, name="servers"),
    path("deploy/archive/", views.servers_archive, name="servers-archive"),
    path("deploy/<slug:service>/", views.server, name="server"),
    path("deploy/<slug:service>/archive/", views.servers_archive, name="server-archive"),
]
