"""gunicorn, for `make run` and for the container alike; addresses are given where it is started."""

import os

workers = int(os.environ.get("MINGZHANG_WEB_WORKERS", "2"))
threads = 4
timeout = 60
max_requests = 2000
max_requests_jitter = 200
accesslog = "-"
# It would be written into the home folder, which a service account may not have.
control_socket_disable = True
