"""What JupyterHub on one server gives each learner; docs/hub.md says how to use it.

Who may log in, and how a server is started, is left to the hub: The Littlest JupyterHub loads this
file after its own settings.
"""

from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub's

c.Spawner.cmd = ["python3", str(Path(__file__).resolve().with_name("start.py"))]
c.Spawner.mem_limit = "3G"
c.Spawner.cpu_limit = 2
# Seconds; a whole class comes at once.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
