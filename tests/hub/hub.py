"""A real JupyterHub with its proxy for tests, and the learners who log in to it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page

from tests.browser.jupyter import COURSE, free_port

PROXY = Path(sys.prefix) / "share" / "configurable-http-proxy"
CONFIG = Path(__file__).with_name("jupyterhub_config.py")


def proxy() -> str:
    """The path of JupyterHub's proxy, installed if need be; RuntimeError if that cannot be."""
    program = PROXY / "node_modules" / ".bin" / "configurable-http-proxy"
    if not program.exists():
        if not (npm := shutil.which("npm")):
            raise RuntimeError("No npm: `apt-get install nodejs npm`.")
        package = f"{program.name}@4"  # the newest that runs on the Node of Debian 12
        command = [npm, "install", "--no-fund", "--no-audit", "--prefix", str(PROXY), package]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"npm could not install {program.name}:\n{run.stderr}")
    return str(program)


class Hub:
    """JupyterHub on a free port, with a copy of the course that nobody can write."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.course = folder, folder / "course"
        for name in ("docs/hub", "notebooks", ".jupyter"):
            shutil.copytree(COURSE / name, self.course / name)
        for path in (self.course, *self.course.rglob("*")):
            path.chmod(path.stat().st_mode & ~0o222)
        settings = folder / "course.py"  # a link, as docs/hub.md makes one for TLJH
        settings.symlink_to(self.course / "docs" / "hub" / "jupyterhub_config.py")
        self.address = f"http://127.0.0.1:{free_port()}"
        self.token = os.urandom(16).hex()  # of one who may do everything
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterhub", f"--config={CONFIG}"),
                f"--JupyterHub.bind_url={self.address}",
                f"--JupyterHub.hub_port={free_port()}",
                f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{free_port()}",
                f"--ConfigurableHTTPProxy.command={proxy()}",
            ],
            env={
                **os.environ,
                "HUB_FOLDER": str(folder),
                "HUB_TOKEN": self.token,
                # The learners' python3, too: activated or not, it is the course's.
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            },
            stdout=self.log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
        self.until_ready()

    def until_ready(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.ask("GET", "/hub/health")
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"JupyterHub does not answer:\n{self.said}")

    @property
    def said(self) -> str:
        """What the hub and the learners' servers have written."""
        return Path(self.log.name).read_text()

    def ask(self, method: str, path: str) -> Any:
        """What the hub or a learner's server answers to one who may do everything."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.address + path, None, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text

    def server(self, name: str) -> psutil.Process:
        """The process of a learner's server."""
        for process in psutil.Process(self.process.pid).children():
            if process.environ().get("JUPYTERHUB_USER") == name:
                return process
        raise LookupError(f"No server of {name}")

    def state(self, name: str) -> str:
        """Of a learner's server: none, ready, or pending between the two."""
        server = self.ask("GET", f"/hub/api/users/{name}")["servers"].get("")
        return "none" if server is None else "ready" if server["ready"] else "pending"

    def until(self, state: str, name: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while (now := self.state(name)) != state:
            if time.monotonic() > end:
                raise TimeoutError(f"The server of {name} is {now}, not {state}:\n{self.said}")
            time.sleep(0.1)

    def restart_server(self, name: str) -> None:
        self.ask("DELETE", f"/hub/api/users/{name}/server")
        self.until("none", name)
        self.ask("POST", f"/hub/api/users/{name}/server")
        self.until("ready", name)

    def stop(self) -> None:
        """Stop the hub, and with it the proxy and every learner's server."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


class Learner:
    """Someone who has logged in, with a browser window of their own."""

    def __init__(self, hub: Hub, browser: Browser, name: str) -> None:
        self.hub, self.name = hub, name
        self.notebooks = hub.folder / "home" / name / "regularization"
        self.context = browser.new_context(viewport={"width": 1440, "height": 1000})
        page = self.new_page()
        page.goto(f"{hub.address}/hub/login")
        page.fill("#username_input", name)
        page.fill("#password_input", "any")
        page.click("#login_submit")
        hub.until("ready", name)
        page.close()

    def new_page(self, **options: Any) -> Page:
        return self.context.new_page()

    def url(self, path: str) -> str:
        return f"{self.hub.address}/user/{self.name}/{path}?"
