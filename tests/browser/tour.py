"""Every screen there is, by its address; and what routes and server say of them, so that none is left out."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from server.http.pages import read_pages
from tests.browser.looking import ROOT

APP: Final = (
    "/app",
    "/app/approvals/{action}",
    "/app/history",
    "/app/enrol",
    "/app/first",
    "/app/chat",
    "/app/mine",
    "/app/mine/bridge",
    "/app/mine/code",
    "/app/mine/enrol",
    "/app/mine/substitutes",
    "/app/notifications",
    "/app/help",
    "/certificate-file",
)
DESK: Final = (
    "/desk",
    "/desk/acts/{act}",
    "/desk/companies",
    "/desk/companies/{client}",
    "/desk/companies/{client}/1",
    "/desk/operations/{client}",
    "/desk/operations/{client}/{action}",
    "/desk/conversations",
    "/desk/conversations/{conversation}",
    "/desk/figures",
    "/desk/first",
    "/desk/alerts",
    "/desk/advisers",
    "/desk/advisers/{number}",
    "/desk/mine",
    "/desk/mine/recovery",
    "/desk/authorities",
    "/desk/authorities/{authority}",
    "/desk/audit?action={action}",
)
DOORS: Final = ("/app", "/desk")
"""What whoever is not signed in finds."""
WIDGET: Final = "/chat-frame"
"""Shown in the page of a host alone."""

_PATHS: Final = "console.log(JSON.stringify((await import('./{page}/routes.js')).ROUTES.map(({{ path }}) => path)))"


def routes_of(page: str) -> list[str]:
    """The paths of a page's screens, as its own table has them: `/app/approvals/:id`."""
    asked = ["node", "--input-type=module", "--eval", _PATHS.format(page=page)]
    made = subprocess.run(asked, cwd=ROOT / "channels/web", capture_output=True, text=True, check=True)  # noqa: S603
    return list(json.loads(made.stdout))


def route_of(address: str, routes: Sequence[str]) -> str | None:
    """The route that shows an address, as `shared/router.js` finds it: the first that fits."""
    return next((route for route in routes if _fits(route, address.partition("?")[0])), None)


def _fits(route: str, path: str) -> bool:
    wanted, found = route.split("/"), path.split("/")
    return len(wanted) == len(found) and all(
        part.startswith(":") or part == there for part, there in zip(wanted, found, strict=True)
    )


def page_of(address: str) -> str:
    """The page behind an address, by the first part of its path."""
    return address.split("/")[1]


def pages_served(built: Path) -> set[str]:
    """The pages the server has: what it serves under an address of its own that is no file."""
    pages = {page_of(route.path) for route in read_pages(built, keys_for="test").routes()}
    return {page for page in pages if "." not in page} - {"assets"}
