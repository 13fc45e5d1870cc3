"""Evidently's page as staff see it: it draws, and is locked in."""

import numpy as np
import pytest

from monitoring.services.reports import evidently_page
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.stack
PAGE = "/admin/monitoring/driftreport/newest-page/"
# What a script of the page would have to do to act for who looks at it.
MISDEEDS = """async () => {
    const tried = {};
    try { tried.cookies = document.cookie } catch { tried.cookies = "refused" }
    tried.asked = await fetch("/admin/").then(() => "answered", () => "refused");
    tried.origin = self.origin;
    return tried;
}"""


@pytest.fixture(scope="module")
def drawn(furnished):
    rng = np.random.default_rng(1)
    then, now = rng.standard_normal((300, 3)), rng.standard_normal((200, 3))
    now[:, 1] += 2
    names, drifted = ["steady", "moved", "proba_home"], np.array([False, True, False])
    page, _ = evidently_page.compare(then, now, names, drifted, 0.5)
    folder = furnished.folder / "reports" / "drift"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "latest.html").write_bytes(page)


@pytest.mark.usefixtures("drawn")
def test_it_draws_its_plots(open_page):
    with open_page("/admin/") as page:
        sign_in(page)
        page.goto(PAGE)
        page.get_by_text("moved").first.wait_for()

        assert page.get_by_text("Dataset Drift").first.is_visible()
        page.locator("svg.main-svg, canvas").first.wait_for(state="attached")


@pytest.mark.usefixtures("drawn")
def test_its_scripts_cannot_act_for_who_looks_at_it(chromium, furnished):
    context = chromium.new_context(base_url=furnished.url)
    page = context.new_page()
    page.goto("/admin/")
    sign_in(page)
    page.goto(PAGE)

    assert page.evaluate(MISDEEDS) == {"cookies": "refused", "asked": "refused", "origin": "null"}
    context.close()
