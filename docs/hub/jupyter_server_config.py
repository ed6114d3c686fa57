"""Settings of a learner's Jupyter server; `start.py` shows it where to find them."""

from pathlib import Path

OWN = Path.home() / "regularization"

c = get_config()  # noqa: F821 - Jupyter's
c.ServerApp.root_dir = str(OWN)
c.ServerApp.default_url = "/lab/tree/" + min(path.name for path in OWN.glob("*.ipynb"))
# A kernel that did nothing for an hour ends, even if its page is still open somewhere.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_connected = True
