"""gunicorn, for `make run` and for the container alike; addresses are given where it is started."""

import gc
import os

workers = int(os.environ.get("MINGZHANG_WEB_WORKERS", "2"))
threads = 4
timeout = 60
max_requests = 2000
max_requests_jitter = 200
accesslog = "-"
# It would be written into the home folder, which a service account may not have.
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """What the start has loaded stays: searching it for garbage would stop a request for 100 ms."""
    gc.collect()
    gc.freeze()
