"""A package index on this machine with packages of a few lines, and the ways in which one fails."""

import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote

PORTAL = b"<html><body><h1>Wi-Fi</h1><a href='/login'>Log in first</a></body></html>"


def write_wheel(
    folder: Path, name: str, version: str, files: dict[str, str] | None = None, needs: str = ""
) -> None:
    """A pure wheel: a package of that name, or the given files."""
    info = f"{name}-{version}.dist-info"
    files = {f"{name}/__init__.py": ""} if files is None else files
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {need}\n" for need in needs.split())
    tag = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for file, text in {**files, f"{info}/METADATA": metadata, f"{info}/WHEEL": tag}.items():
            wheel.writestr(file, text)
        wheel.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in wheel.namelist()))


class Index:
    """Serves the wheels of a folder as PyPI does; `answer` and `hangs_at` make it fail.

    `answer` is an HTTP status, "portal" (a login page in place of everything) or "" (all well);
    a request whose path contains `hangs_at` is not answered, and `hanging` tells that it came.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.answer, self.hangs_at = folder, "", "nothing"
        self.asked: list[str] = []
        self.hanging, self._closing = threading.Event(), threading.Event()
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.reply(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Index":
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        if self.hangs_at in request.path:
            self.hanging.set()
            self._closing.wait(60)
            return
        status, body = 200, b""
        name = unquote(request.path).strip("/")
        if self.answer == "portal":
            body = PORTAL
        elif self.answer:
            status = int(self.answer)
        elif name.endswith(".whl"):
            body = (self.folder / name).read_bytes()
        elif wheels := sorted(self.folder.glob(f"{name}-*.whl")):
            body = "".join(f"<a href='/{w.name}'>{w.name}</a>\n" for w in wheels).encode()
        else:
            status = 404
        request.send_response(status)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
