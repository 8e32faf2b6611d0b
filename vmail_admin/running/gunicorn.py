"""What gunicorn is told besides its command line.

    gunicorn --config python:vmail_admin.running.gunicorn vmail_admin.wsgi

Read before Django is set up, by the process that starts the others.
"""

import os
import shutil
from pathlib import Path

from vmail_admin.environment import make_metrics_folder

worker_class = "gthread"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
make_metrics_folder()


def on_starting(server):
    """The numbers of processes that ended with the last server count no more."""
    folder = os.environ.get(FOLDER)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir(mode=0o700, parents=True)


def post_worker_init(worker):
    """At most two connections to slapd for each thread.

    Some fewer, for slapd hears a moment later that one is closed.
    """
    from vmail_admin.directory.backend.kept import KEPT

    threads = worker.cfg.threads
    KEPT.most_open = 2 * threads - max(1, threads // 8)


def child_exit(server, worker):
    """What the process counted stays; what it held is no longer there."""
    if os.environ.get(FOLDER):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)
