from django.urls import path

from accounts.bulk import views

urlpatterns = [
    path("domains/<domain:domain_name>/import/", views.import_new, name="import-new"),
    path("domains/<domain:domain_name>/selected/", views.chosen_new, name="chosen-new"),
    path("work/<slug:key>/", views.work, name="work"),
    path("work/<slug:key>/step/", views.work_step, name="work-step"),
    path("work/<slug:key>/start/", views.work_start, name="work-start"),
    path("work/<slug:key>/discard/", views.work_discard, name="work-discard"),
    path("work/<slug:key>/passwords/", views.work_passwords, name="work-passwords"),
    path("work/<slug:key>/greet/", views.work_greet, name="work-greet"),
    path("work/<slug:key>/undo/", views.work_undo, name="work-undo"),
]
