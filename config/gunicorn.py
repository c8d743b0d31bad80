"""How the web server runs, in the demo and in production alike."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))

# The code is read once, and shared.
preload_app = True

# Browsers open connections before they need them. A thread each keeps an idle one from holding up a whole worker.
worker_class = "gthread"
threads = 4

# A request that is under way when the server stops is finished, not cut off.
graceful_timeout = 20
timeout = 60

# No access log: addresses of pages and of people's machines are personal data here.
accesslog = None
errorlog = "-"
loglevel = "warning"

# It would be one more door, and nobody uses it.
control_socket_disable = True
