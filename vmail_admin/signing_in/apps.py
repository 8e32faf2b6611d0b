from django.apps import AppConfig


class SigningIn(AppConfig):
    name = "vmail_admin.signing_in"
    label = "signing_in"

    def ready(self):
        from vmail_admin.directory.changes import heard_by
        from vmail_admin.signing_in.own_sessions import end_with_the_password

        heard_by(end_with_the_password)
