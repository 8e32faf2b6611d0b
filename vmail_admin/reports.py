"""What an error report may show: where it happened, never with what."""

import re

from django.views.debug import SafeExceptionReporterFilter


class NoValues(SafeExceptionReporterFilter):
    """Django hides what a view declares secret, and nothing while DEBUG is on.

    A panel that handles passwords on most pages would have to declare most of its variables. So no
    local variable, nothing that was sent and no cookie is shown at all, whatever DEBUG says.
    """

    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|COOKIE|SESSION|vmail_", re.I
    )

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return dict.fromkeys(getattr(request, "POST", ()), self.cleansed_substitute)

    def get_traceback_frame_variables(self, request, tb_frame):
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
