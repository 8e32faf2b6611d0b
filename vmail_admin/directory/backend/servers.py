"""Which of several directory servers is asked: what one process knows of them.

Everybody asks the first that answers, for changes that go to one server never contradict each
other. One that does not answer is left alone, and looked at by a thread of its own: no request
waits for it. When it answers again, it is asked last for a while, for it copies what it missed.
"""

import threading
import time

from vmail_admin.directory.backend.transport import answers

LOOK_EVERY = 1.0  # seconds between two looks at a server that does not answer
SETTLING = 10.0  # seconds for which a server that came back is the last choice
A_COPY_FOR = 60.0  # seconds for which it is remembered that a server takes no changes

# With others to ask, a server has this many seconds before somebody looks whether it lives, and so
# many to say anything at all then. One that is only slow is waited for.
BEFORE_A_LOOK = 0.6
A_LOOK = 0.5


class Servers:
    """Those of one process, for all its threads. A server is known by its URI.

    ``on_change`` is called when one goes away or comes back, whether or not a page is asked for.
    """

    def __init__(self):
        self.on_change = lambda: None
        self._lock = threading.Lock()
        self._away = {}  # URI: what marks this absence
        self._back = {}  # URI: until when it settles, on the monotonic clock
        self._copies = {}  # URI: until when it is known to take no changes

    def in_order(self, uris, first=""):
        """All of them, the best to ask first. ``first`` is better than others, if it answers."""
        now = time.monotonic()

        def rank(uri):
            if uri in self._away:
                return 3
            if uri == first:
                return 0
            return 2 if self._back.get(uri, 0) > now else 1

        return sorted(uris, key=rank)

    def for_changes(self, uris):
        """Those that take changes, the best first; all of them where none is known to."""
        now = time.monotonic()
        return self.in_order([one for one in uris if self._copies.get(one, 0) < now] or uris)

    def is_away(self, uri):
        return uri in self._away

    def away(self):
        """How many do not answer."""
        return len(self._away)

    def note_copy(self, uri):
        self._copies[uri] = time.monotonic() + A_COPY_FOR

    def note_away(self, uri, options):
        """A server did not answer. From now on a thread looks whether it does."""
        with self._lock:
            if uri in self._away:
                return
            mark = self._away[uri] = object()
        self.on_change()
        look = threading.Thread(target=self._look, args=(uri, options, mark), daemon=True)
        look.start()

    def _look(self, uri, options, mark):
        while self._away.get(uri) is mark:
            if answers(uri, options, A_LOOK):
                self._note_back(uri, mark)
                return
            time.sleep(LOOK_EVERY)

    def _note_back(self, uri, mark):
        with self._lock:
            if self._away.get(uri) is mark:
                del self._away[uri]
                self._back[uri] = time.monotonic() + SETTLING
        self.on_change()

    def forget(self):
        """Nothing is known of any server."""
        with self._lock:
            self._away, self._back, self._copies = {}, {}, {}


SERVERS = Servers()


def one_answers(uris, options, patience):
    """Whether one of them does, within so many seconds."""
    until = time.monotonic() + patience
    for number, uri in enumerate(SERVERS.in_order(uris)):
        share = (until - time.monotonic()) / (len(uris) - number)
        if share > 0 and answers(uri, options, share):
            return True
    return False
