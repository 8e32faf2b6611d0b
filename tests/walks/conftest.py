"""The servers and the browser of the walks, no longer than the walks.

While Playwright runs, Django takes the thread for an async one and refuses it the database: that
is why none of this is of the session.
"""

import os
from pathlib import Path

import pytest

from tests.browser import chromium_runs
from tests.walks.site import SampleWorld, panel_of
from tests.walks.visitors import Visitors


@pytest.fixture(scope="package")
def sample_world(tmp_path_factory):
    world = SampleWorld(tmp_path_factory.mktemp("sample"))
    yield world
    world.slapd.stop()


@pytest.fixture(scope="package")
def panel(sample_world, tmp_path_factory):
    with panel_of(sample_world, tmp_path_factory.mktemp("panel")) as url:
        yield url


@pytest.fixture(scope="package")
def chromium():
    with chromium_runs() as browser:
        yield browser


@pytest.fixture(scope="package")
def signed_in():
    """The cookies of everybody who has signed in so far."""
    return {}


@pytest.fixture
def site(sample_world):
    """The sample site as it was loaded, to be asked what became of it."""
    sample_world.rebuild()
    return sample_world


@pytest.fixture
def visitors(site, panel, chromium, signed_in):
    visitors = Visitors(chromium, panel, signed_in)
    yield visitors
    visitors.leave()


@pytest.fixture
def picture(tmp_path, request):
    """Keeps how a page looks: below the folder that WALK_PICTURES names the whole page."""
    wished = os.environ.get("WALK_PICTURES")
    folder = Path(wished or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    test = request.node.name.removeprefix("test_")

    def taken(page, name=""):
        path = folder / f"{test}{name and '.'}{name}.png"
        page.screenshot(path=path, full_page=bool(wished))

    return taken


@pytest.fixture
def album(picture):
    """Pictures of every page in every look, for somebody who wants to look through them."""
    return picture if os.environ.get("WALK_PICTURES") else lambda *_: None
