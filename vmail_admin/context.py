"""What the frame of every page needs."""

THEMES = ("light", "dark")
THEME_COOKIE = "vmail_theme"


def frame(request):
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "person": getattr(request, "person", None),
        "theme": theme if theme in THEMES else "",
    }
