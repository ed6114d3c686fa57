"""Pages of the built site in a browser without a network, as a hand and an eye meet them."""

import json
import os
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route

LESSONS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# COURSE_THOROUGH=1 tries a third width, too; by itself that is a minute of CI.
WIDTHS = (360, 768, 1440) if os.environ.get("COURSE_THOROUGH") else (360, 1440)
# Of each artist in a picture its axes, its name, its paths and where it has a marker; the texts.
DRAWN = """picture => ({
    artists: [...picture.querySelectorAll('[data-gid]')].map(artist => ({
        axes: Number(artist.dataset.axes),
        name: artist.dataset.gid,
        paths: [...artist.querySelectorAll('path')].map(path => path.getAttribute('d')),
        markers: [...artist.querySelectorAll('use')].map(
            use => [use.x.baseVal.value, use.y.baseVal.value]),
        pixels: artist.querySelectorAll('image').length,
    })),
    texts: [...picture.querySelectorAll('text')].map(text => text.textContent.trim()),
})"""
NUMBER = re.compile(r"-?\d*\.?\d+")


class SitePage:
    """A page opened from its file; whatever it asks of a network or complains of is kept."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        page.route("**/*", self._route)
        page.goto(path.as_uri())

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _route(self, route: Route) -> None:
        if route.request.url.startswith("file://"):
            route.continue_()
        else:
            self.requests.append(route.request.url)
            route.abort()

    def labs(self) -> list["PageLab"]:
        self.page.wait_for_selector("[aria-busy]", state="detached")
        found = self.page.locator("[data-lab]")
        return [PageLab(found.nth(i)) for i in range(found.count())]

    def unfold(self) -> None:
        """Open all that is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")

    def assert_fits(self) -> None:
        """Nothing makes the page wider than the window."""
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, f"{self.path.name}: {wide} px wide in a window of {window}"

    def assert_quiet(self) -> None:
        """No error, and nobody was asked for anything."""
        assert not self.errors and not self.requests, (self.errors, self.requests)


@contextmanager
def opened(browser: Browser, path: Path, width: int = 1440, **options: Any) -> Iterator[SitePage]:
    """The page at this width, off line; `options` are those of a browser context."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    context.set_offline(True)
    try:
        yield SitePage(context.new_page(), path)
    finally:
        context.close()


def unpacked(text: str) -> dict[str, Any]:
    """A recording as tools/site/page.py packs it."""
    return json.loads(zlib.decompress(b64decode(text)))


class PageLab:
    """A lab on a page, and the recording that it plays."""

    def __init__(self, root: Locator) -> None:
        self.root, self.page = root, root.page
        self.name = str(root.get_attribute("data-lab"))
        packed = str(root.locator('> script[type="application/zlib"]').text_content())
        self.recording: dict[str, Any] = unpacked(packed)
        self.knobs: list[dict[str, Any]] = self.recording["knobs"]
        self.views: list[str] = [view["name"] for view in self.recording["views"]]
        self.picture = root.locator(".picture")

    def size(self) -> str:
        """Which of the two recorded pictures of a frame is seen."""
        return "narrow" if "narrow" in str(self.picture.get_attribute("class")) else "wide"

    def shows(self, frame: dict[str, Any]) -> bool:
        """Whether the picture is the one recorded in a frame, piece for piece."""
        pieces = self.recording["pieces"]
        return self.root.evaluate(SHOWS, [pieces[i] for i in frame[self.size()]])

    def stand(self) -> list[int]:
        """At which of its stops each knob stands."""
        return [self._control(i).evaluate(AT) for i in range(len(self.knobs))]

    def put(self, knob: int, stop: int) -> None:
        """Move a knob as the keyboard does, or click an option."""
        control = self._control(knob)
        if self.knobs[knob]["kind"] == "choice":
            control.locator("input").nth(stop).check()
            return
        control.locator("input").focus()
        if stop in (0, len(self.knobs[knob]["texts"]) - 1):
            self.page.keyboard.press("End" if stop else "Home")
            return
        away = stop - self.stand()[knob]
        for _ in range(abs(away)):
            self.page.keyboard.press("ArrowRight" if away > 0 else "ArrowLeft")

    def look(self, view: int) -> None:
        """Choose a view."""
        if len(self.views) > 1:
            self.root.locator(".views input").nth(view).check()

    def frame(self, view: int, stand: list[int] | None = None) -> dict[str, Any]:
        """What was recorded for a view where the knobs stand."""
        counts = [range(len(knob["texts"])) for knob in self.knobs]
        number = [*product(*counts)].index(tuple(stand or self.stand()))
        return self.recording["frames"][view][number]

    def sentence(self) -> str:
        return str(self.root.locator(".say").text_content())

    def note(self) -> str:
        """The warning beside the picture, if there is one."""
        note = self.root.locator(".note")
        return str(note.text_content()) if note.is_visible() else ""

    def drawn(self) -> dict[str, Any]:
        """The artists and the texts of the picture, see DRAWN."""
        return self.picture.evaluate(DRAWN)

    def points(self, axes: int, name: str) -> np.ndarray | None:
        """Where the line of this name has its points and its markers: (n, 2); None for pixels."""
        [artist] = [
            artist
            for artist in self.drawn()["artists"]
            if (artist["axes"], artist["name"]) == (axes, name)
        ]
        if artist["pixels"]:
            return None
        lines = [np.reshape([*map(float, NUMBER.findall(d))], (-1, 2)) for d in artist["paths"]]
        # Each point of a path is told from the one before.
        paths = [line.cumsum(axis=0) for line in lines]
        return np.concatenate([*paths, np.reshape(artist["markers"], (-1, 2))])

    def values(self) -> list[str]:
        """What the page writes beside each slider, or on the chosen option."""
        return [
            str(self._control(i).locator("output, :checked + span").first.text_content())
            for i in range(len(self.knobs))
        ]

    def _control(self, knob: int) -> Locator:
        return self.root.locator(f'[data-knob="{knob}"]')


SHOWS = """(root, pieces) => {
    const wanted = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    wanted.innerHTML = pieces.map(piece => `<g>${piece}</g>`).join('');
    return root.querySelector('.picture svg').innerHTML === wanted.innerHTML;
}"""
AT = """control => {
    const inputs = [...control.querySelectorAll('input')];
    return inputs[0].type === 'range' ? Number(inputs[0].value) : inputs.findIndex(i => i.checked);
}"""
