"""A class on one machine: `python benchmarks/classroom.py [learners] [seconds] [--hub]`.

Each learner opens 10-3, runs its cells up to the first lab, and then drags its α every 2 to 5 s. No
browser takes part: a learner here is what JupyterLab sends to a kernel and waits for, so that all
processors are the class's. Without --hub the kernels are bare; with it each belongs to a Jupyter
server of its own, behind JupyterHub and its proxy, as docs/hub has it.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import nbformat
import numpy as np
import psutil
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.hub.hub import Hub

LESSON = Path(__file__).parents[1] / "notebooks" / "10-3_l1_l2.ipynb"
# As a hand: so many values to a drag, seconds from one to the next, and between two drags.
VALUES, STEP, REST = (10, 30), (0.02, 0.05), (2, 5)
PATIENCE = 30  # seconds until a drag counts as lost
# With a server that has a whole class to start.
PATIENT: dict[str, Any] = {
    "connect_timeout": 600,
    "request_timeout": 600,
    "allow_nonstandard_methods": True,
}
# What the kernel holds to be on the page; then it forgets its trainings, for each drag to train.
CHECK = (
    "import zlib; print(lab.controls['alpha'].text(lab.shown.values['alpha']),"
    " zlib.crc32(lab.shown.picture)); lab.runs.known.clear()"
)


class Message(NamedTuple):
    """What a kernel sent."""

    kind: str
    parent: str  # the id of the message that it answers
    content: dict[str, Any]
    buffers: list[bytes]


class Kernel(Protocol):
    """A kernel as a front end reaches it."""

    def send(self, channel: str, kind: str, content: dict[str, Any], subshell: str = "") -> str:
        """Send a message; returns its id."""

    async def receive(self) -> Message:
        """The next message, of whatever channel."""

    def processes(self) -> list[psutil.Process]:
        """The processes that exist for this learner alone."""


class BareKernel:
    """A kernel of this process, over ZeroMQ."""

    def __init__(self, manager: AsyncKernelManager) -> None:
        self.manager, self.client = manager, manager.client()
        self.client.start_channels(hb=False)
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        channels = ("shell", "iopub", "control")
        self.tasks = [asyncio.create_task(self._listen(name)) for name in channels]

    async def _listen(self, name: str) -> None:
        channel = getattr(self.client, f"{name}_channel")
        while True:
            message = await channel.get_msg()
            parent = message["parent_header"].get("msg_id", "")
            buffers = [bytes(buffer) for buffer in message["buffers"]]
            await self.messages.put(
                Message(message["msg_type"], parent, message["content"], buffers)
            )

    def send(self, channel: str, kind: str, content: dict[str, Any], subshell: str = "") -> str:
        message = self.client.session.msg(kind, content)
        if subshell:
            message["header"]["subshell_id"] = subshell
        getattr(self.client, f"{channel}_channel").send(message)
        return message["header"]["msg_id"]

    async def receive(self) -> Message:
        return await self.messages.get()

    def processes(self) -> list[psutil.Process]:
        return [psutil.Process(self.manager.provisioner.pid)]


class HubKernel:
    """A kernel behind JupyterHub, over the WebSocket of a learner's server."""

    def __init__(self, socket: WebSocketClientConnection, server: psutil.Process) -> None:
        self.socket, self.server, self.session = socket, server, Session()

    def send(self, channel: str, kind: str, content: dict[str, Any], subshell: str = "") -> str:
        message = self.session.msg(kind, content)
        if subshell:
            message["header"]["subshell_id"] = subshell
        self.socket.write_message(
            serialize_msg_to_ws_v1(message, channel, self.session.pack), binary=True
        )
        return message["header"]["msg_id"]

    async def receive(self) -> Message:
        packed = await self.socket.read_message()
        if packed is None:
            raise ConnectionError("The WebSocket was closed.")
        _, (header, parent, _, content, *buffers) = deserialize_msg_from_ws_v1(packed)
        kind, parent_id = json.loads(header)["msg_type"], json.loads(parent).get("msg_id", "")
        return Message(kind, parent_id, json.loads(content), buffers)

    def processes(self) -> list[psutil.Process]:
        return [self.server, *self.server.children(recursive=True)]


@dataclass
class Learner:
    """Someone with an open lesson and a slider, and what they waited for."""

    kernel: Kernel
    waited: list[float] = field(default_factory=list)  # from each release to the final picture
    lost: int = 0

    def __post_init__(self) -> None:
        self.subshell = ""
        self.slider: tuple[str, list[str]] = "", []  # its comm, and what it writes at each stop
        self.at = 0
        self.in_flight, self.next_index = "", -1
        self.final, self.finished = "", asyncio.Event()
        self.replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.executed: dict[str, asyncio.Event] = {}
        self.printed = ""
        self.picture = b""
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            message = await self.kernel.receive()
            content = message.content
            if message.kind.endswith("_reply") and message.parent in self.replies:
                self.replies.pop(message.parent).set_result(content)
            elif message.kind == "stream":
                self.printed += content["text"]
            elif message.kind == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            elif message.kind == "comm_open":
                self._opened(content["comm_id"], content["data"].get("state", {}))
            elif message.kind == "comm_msg":
                self._updated(content["data"].get("state", {}), message.buffers)
            elif message.kind == "status" and content["execution_state"] == "idle":
                self._idle(message.parent)

    def _opened(self, comm: str, state: dict[str, Any]) -> None:
        if state.get("_model_name") == "SelectionSliderModel" and not self.slider[0]:
            self.slider = comm, state["_options_labels"]

    def _updated(self, state: dict[str, Any], buffers: list[bytes]) -> None:
        """A new picture, or the line that says which settings it belongs to."""
        for buffer in buffers:
            self.picture = bytes(buffer)
        for text in state.values():
            if isinstance(text, str) and "완료: " in text:
                settings = re.sub("<[^>]*>", "", text)
                if self.final and f"= {self.final}," in f"{settings},":
                    self.finished.set()

    # The front end of a widget sends one message at a time, and what came meanwhile as the next.

    def move(self, index: int) -> None:
        """The hand is here now."""
        self.at = index
        if self.in_flight:
            self.next_index = index
        else:
            self._send(index)

    def _send(self, index: int) -> None:
        data = {"method": "update", "state": {"index": index}, "buffer_paths": []}
        content = {"comm_id": self.slider[0], "data": data}
        self.in_flight = self.kernel.send("shell", "comm_msg", content, self.subshell)

    def _idle(self, parent: str) -> None:
        """All that answers to the message with this id is here."""
        if parent in self.executed:
            self.executed.pop(parent).set()
        if parent == self.in_flight:
            self.in_flight, waiting, self.next_index = "", self.next_index, -1
            if waiting >= 0:
                self._send(waiting)

    async def attend(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it; raises what went wrong meanwhile in what the kernel sent."""
        doing = asyncio.create_task(work)
        done, _ = await asyncio.wait({doing, self.listening}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def ask(self, channel: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        future = asyncio.get_running_loop().create_future()
        self.replies[self.kernel.send(channel, kind, content)] = future
        return await future

    async def execute(self, code: str) -> str:
        """What the code prints."""
        self.printed = ""
        content = {"code": code, "store_history": True, "stop_on_error": True}
        done = asyncio.Event()
        self.executed[self.kernel.send("shell", "execute_request", content)] = done
        await done.wait()
        return self.printed

    async def open_lesson(self) -> None:
        """Run the cells up to the first lab."""
        info = await self.ask("shell", "kernel_info_request", {})
        if "kernel subshells" in info.get("supported_features", []):
            reply = await self.ask("control", "create_subshell_request", {})
            self.subshell = reply["subshell_id"]
        for code in cells_up_to_the_first_lab():
            await self.execute(code)

    async def drag(self, rng: random.Random) -> None:
        """To somewhere else, not quite straight; then wait for the picture of the last value."""
        _, labels = self.slider
        start, last = self.at, len(labels) - 1
        target = rng.choice([i for i in range(last + 1) if i != start])
        steps = rng.randint(*VALUES)
        for step in range(1, steps):
            near = round(start + (target - start) * step / steps + rng.uniform(-1, 1))
            if near == target:  # the only one that may answer to its name
                near += 1 if target < last else -1
            self.move(min(max(near, 0), last))
            await asyncio.sleep(rng.uniform(*STEP))
        self.final = labels[target]
        self.finished.clear()
        self.move(target)
        released = time.perf_counter()
        try:
            await asyncio.wait_for(self.finished.wait(), PATIENCE)
        except asyncio.TimeoutError:
            self.lost += 1
            return
        self.waited.append(time.perf_counter() - released)
        label, checksum = (await self.execute(CHECK)).split()
        self.lost += (label, int(checksum)) != (self.final, zlib.crc32(self.picture))

    async def take_part(self, seconds: float, rng: random.Random) -> None:
        end = time.monotonic() + seconds
        await asyncio.sleep(rng.uniform(0, REST[1]))
        while time.monotonic() < end:
            await self.drag(rng)
            await asyncio.sleep(rng.uniform(*REST))


def cells_up_to_the_first_lab() -> list[str]:
    cells = [cell.source for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "code"]
    first = next(i for i, code in enumerate(cells) if "TrainingLab(" in code)
    return cells[: first + 1]


@asynccontextmanager
async def bare_class(learners: int) -> AsyncIterator[list[Callable[[], Awaitable[Learner]]]]:
    """Kernels of this process."""
    managers = [AsyncKernelManager(kernel_name="python3") for _ in range(learners)]

    async def start(manager: AsyncKernelManager) -> Learner:
        await manager.start_kernel()
        return Learner(BareKernel(manager))

    try:
        yield [partial(start, manager) for manager in managers]
    finally:
        for manager in managers:
            await manager.shutdown_kernel(now=True)


@asynccontextmanager
async def hub_class(learners: int) -> AsyncIterator[list[Callable[[], Awaitable[Learner]]]]:
    """Servers of a JupyterHub."""
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Path(folder))
        try:
            yield [partial(start_server, hub, f"learner{i}") for i in range(learners)]
        finally:
            hub.stop()


async def start_server(hub: Hub, name: str) -> Learner:
    """Come to the hub, wait for a server, load the page of the lesson and start its kernel."""
    client = AsyncHTTPClient(max_clients=1000)
    headers = {"Authorization": f"token {hub.token}"}

    async def ask(method: str, path: str, body: str = "") -> bytes:
        request = HTTPRequest(hub.address + path, method, headers, body or None, **PATIENT)
        return (await client.fetch(request)).body

    await ask("POST", f"/hub/api/users/{name}")
    await ask("POST", f"/hub/api/users/{name}/server")
    while not json.loads(await ask("GET", f"/hub/api/users/{name}"))["servers"][""]["ready"]:
        await asyncio.sleep(0.5)
    page = (await ask("GET", f"/user/{name}/lab/tree/{LESSON.name}")).decode()
    for script in re.findall(r'<script[^>]* src="([^"]+)"', page):
        await ask("GET", script)
    await ask("GET", f"/user/{name}/api/contents/{LESSON.name}?content=1")
    session = {"path": LESSON.name, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
    reply = await ask("POST", f"/user/{name}/api/sessions", json.dumps(session))
    kernel = json.loads(reply)["kernel"]["id"]
    address = hub.address.replace("http", "ws", 1)
    channels = f"{address}/user/{name}/api/kernels/{kernel}/channels"
    request = HTTPRequest(channels, headers=headers, **PATIENT)
    socket = await websocket_connect(request, subprotocols=["v1.kernel.websocket.jupyter.org"])
    return Learner(HubKernel(socket, hub.server(name)))


async def hold_class(learners: int, seconds: float, through_hub: bool) -> None:
    """Everybody comes at once, opens the lesson and drags; print what they waited for."""
    rng, began, opened = random.Random(0), time.perf_counter(), []

    async def arrive(start: Callable[[], Awaitable[Learner]]) -> Learner:
        learner = await start()
        started = time.perf_counter() - began
        await learner.attend(learner.open_lesson())
        opened.append((started, time.perf_counter() - began))
        return learner

    async with (hub_class if through_hub else bare_class)(learners) as starts:
        began = time.perf_counter()
        room = await asyncio.gather(*map(arrive, starts))
        report("kernel there", [start for start, _ in opened], "s")
        report("lesson open, its first lab shown", [end for _, end in opened], "s")
        await asyncio.sleep(5)
        psutil.cpu_percent()
        parts = [random.Random(rng.random()) for _ in room]
        await asyncio.gather(
            *(one.attend(one.take_part(seconds, own)) for one, own in zip(room, parts, strict=True))
        )
        print(f"- processors busy while everybody drags: {psutil.cpu_percent():.0f}%")
        waited = [1000 * wait for learner in room for wait in learner.waited]
        report("release of the slider to the final picture", waited, "ms")
        print(f"- lost: {sum(learner.lost for learner in room)}")
        own = [memory(learner.kernel.processes()) for learner in room]
        report("memory a learner, proportional share", own, "MB")


def memory(processes: list[psutil.Process]) -> float:
    """Their proportional share of the memory, in MB."""
    return sum(process.memory_full_info().pss for process in processes) / 1e6


def report(what: str, values: list[float], unit: str) -> None:
    middle, high = np.percentile(values, [50, 95])
    digits = 1 if unit == "s" else 0
    print(
        f"- {what}: p50 {middle:.{digits}f} {unit}, p95 {high:.{digits}f} {unit}, "
        f"longest {max(values):.{digits}f} {unit} (of {len(values)})",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("learners", type=int, nargs="?", default=20)
    parser.add_argument("seconds", type=float, nargs="?", default=60)
    parser.add_argument("--hub", action="store_true")
    options = parser.parse_args()
    asyncio.run(hold_class(options.learners, options.seconds, options.hub))
