"""What axe-core finds wrong with the labs and questions on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OURS = {"include": [[".course-lab"], [".ask"]]}


def barriers(page: Page) -> list[str]:
    """The serious and critical violations in labs and questions, each with the elements."""
    found = Axe().run(page, context=OURS).response["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {[node['html'] for node in rule['nodes']]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
