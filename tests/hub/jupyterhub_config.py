"""The hub of the tests: the course's settings, any name may log in, nobody needs an account."""

import os
from pathlib import Path

FOLDER = Path(os.environ["HUB_FOLDER"])

c = get_config()  # noqa: F821 - JupyterHub's
load_subconfig(str(FOLDER / "course.py"))  # noqa: F821 - the same


def prepare(spawner) -> None:
    """What only tests need: JupyterLab's own objects in the page, and one who sleeps early."""
    spawner.args = ["--LabApp.expose_app_in_browser=True"]
    if os.geteuid() == 0:  # root may write where nobody may; a learner must not
        drop = "--bounding-set=-dac_override,-dac_read_search"
        spawner.cmd = ["setpriv", drop, *spawner.cmd]
        spawner.args.append("--allow-root")
    if spawner.user.name == "sleeper":
        idle = {"cull_idle_timeout": 3, "cull_interval": 1}
        spawner.args += [f"--MappingKernelManager.{name}={value}" for name, value in idle.items()]


c.Spawner.pre_spawn_hook = prepare
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "home/{username}")
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [{"name": "teacher", "api_token": os.environ["HUB_TOKEN"]}]
scopes = ["admin:users", "admin:servers", "access:servers"]
c.JupyterHub.load_roles = [{"name": "teacher", "services": ["teacher"], "scopes": scopes}]
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")
