from django.urls import path

from vmail_admin.signing_in.views import half_open, own, second_factor

urlpatterns = [
    path("sign-in/code/", half_open.code_page, name="sign-in-code"),
    path("sign-in/set-up/", half_open.set_up_page, name="sign-in-set-up"),
    path("me/signed-in/", own.my_sessions, name="my-sessions"),
    path("me/signed-in/end/", own.my_sessions_end, name="my-sessions-end"),
    path("me/second-factor/", second_factor.my_second_factor, name="my-second-factor"),
    path(
        "me/second-factor/set-up/",
        second_factor.my_second_factor_set_up,
        name="my-second-factor-set-up",
    ),
    path(
        "people/<address:mail>/second-factor/",
        second_factor.second_factor_remove,
        name="second-factor-remove",
    ),
]
