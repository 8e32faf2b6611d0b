"""Which browser a session is in, in words a person recognises it by.

Every browser names several others in its User-Agent (RFC 9110, 10.1.5), so the order counts.
"""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
    ("BSD", "BSD"),
)


def browser_in_words(agent):
    """Such as "Firefox on Linux"; never a word of what the browser says itself."""
    browser = first(BROWSERS, agent) or "An unknown browser"
    system = first(SYSTEMS, agent)
    return f"{browser} on {system}" if system else browser


def first(known, agent):
    return next((words for sign, words in known if sign in agent), "")
