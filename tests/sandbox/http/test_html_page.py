"""The page at `/`: what it shows, what its forms do, and whom it does not listen to."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from patchworks_core_client.sandbox import create_app

from ..conftest import ENVIRONMENTS, KEY, VERSIONS, Api, connect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.applications import Starlette

HTML = {"Accept": "text/html"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app() -> Starlette:
    return create_app(seed=1, control=True, lag=0.0, profile="growth")


@pytest.fixture
async def api(app: Starlette) -> AsyncGenerator[Api]:
    async with connect(app) as http:
        yield Api(http)


class Browser:
    """A client that sends what a browser would, without a key."""

    def __init__(self, app: Starlette, client: str = "127.0.0.1", **headers: str) -> None:
        transport = httpx.ASGITransport(app=app, client=(client, 5))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=HTML | headers)

    async def page(self, path: str = "/", *, status: int = 200, **headers: str) -> str:
        answer = await self.http.get(path, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.text

    async def send(self, action: str, *, status: int = 303, headers: dict[str, str] | None = None, **form: str) -> str:
        token = re.search(r'name="token" value="([^"]+)"', await self.page())
        assert token
        answer = await self.http.post(f"/_page/{action}", data={"token": token[1], **form}, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture
def browser(app: Starlette) -> Browser:
    return Browser(app)


async def test_it_shows_the_environments_without_a_key(browser: Browser) -> None:
    text = await browser.page()
    assert text.count('<th scope="row"><a href="/_page/environments/') == 10
    assert "UK live" in text
    assert "Nothing was asked yet" in text
    assert "2 may be created" in text
    assert "240/60s" in text


async def test_an_empty_sandbox_says_so() -> None:
    text = await Browser(create_app(lag=0.5)).page()
    assert "There is none yet" in text
    assert "0.5 s" in text
    assert "Faults and rates" not in text, "without --control there is nothing to set"


async def test_a_client_that_asks_for_json_gets_the_answer_of_the_api(api: Api) -> None:
    await api("GET", "/", status=404)
    either = await api.answer("GET", "/", headers={"Accept": "*/*"})
    assert either.headers["content-type"].startswith("text/html")


async def test_nothing_comes_from_elsewhere(browser: Browser) -> None:
    for path in ("/", "/_page/environments/2", "/_page/style.css", "/_page/script.js"):
        answer = await browser.http.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-request-id"]
        assert not re.search(r"https?://|style=|onclick|<style|<script>", answer.text)


async def test_it_shows_the_draft_against_the_deployed_version(api: Api, browser: Browser) -> None:
    draft = await api.draft(2)
    rows = {row["key"]: row for row in (await api("GET", f"{VERSIONS}/{draft}/variables"))["data"]}
    path = f"{VERSIONS}/{draft}/variables"
    await api("PUT", f"{path}/{rows['shop_host']['id']}", {"value": "shop.example", "fallback": ""})
    await api("PUT", f"{path}/{rows['shop_token']['id']}", {"value": "hunter2"})
    await api("PUT", f"{path}/{rows['carrier']['id']}", {"secret": True, "value": "hunter3"})
    await api("DELETE", f"{path}/{rows['mail_sender']['id']}")
    await api("POST", path, {"type": "string", "key": "<b>new</b>"}, status=201)
    flow = (await api("GET", f"{VERSIONS}/{draft}/flow-priorities"))["data"][0]
    await api("PUT", f"{VERSIONS}/{draft}/flow-priorities/{flow['id']}", {"priority": 99})
    await api(
        "DELETE", f"{VERSIONS}/{draft}/manifests/{(await api('GET', f'{VERSIONS}/{draft}/manifests'))['data'][0]['id']}"
    )
    text = await browser.page("/_page/environments/2")
    assert "hunter" not in text
    entries = re.findall(r'<th scope="rowgroup"[^>]*>([^<]+)</th>\s*<td[^>]*><span class="badge (\w+)"', text)
    assert ("shop_host", "changed") in entries
    assert ("shop_token", "changed") in entries
    assert ("mail_sender", "removed") in entries
    assert ("&lt;b&gt;new&lt;/b&gt;", "added") in entries
    assert (f"flow {flow['flow_id']}", "changed") in entries
    assert len(entries) == 7
    assert "<ins>another secret</ins>" in text
    assert "<ins>yes</ins>" in text
    assert "<ins>shop.example</ins>" in text
    assert "7 entries" in await browser.page()


async def test_what_there_is_to_compare_is_said(api: Api, browser: Browser) -> None:
    created = await api.environment("IT live")
    assert "Nothing was deployed yet" in await browser.page(f"/_page/environments/{created}")
    await api("DELETE", f"{ENVIRONMENTS}/{created}/versions/{await api.draft(created)}")
    text = await browser.page(f"/_page/environments/{created}")
    assert "There is no draft" in text
    assert "It has no version" in text
    assert "They are alike" in await browser.page("/_page/environments/2")
    await browser.page("/_page/environments/99", status=404)
    for path in ("/_page/", "/_page/environments/x", "/_page/style.map", "/_page/../app.py", "/_page/reset/x"):
        await browser.page(path, status=404)


async def test_it_shows_the_requests_and_no_secret(api: Api, app: Starlette, browser: Browser) -> None:
    app.state.sandbox.faults.add("next 503")
    await api("GET", f"{ENVIRONMENTS}?filter[name]=hunter2", status=503)
    hostile = "/api/v1/%3Cscript%3E%1b%E2%80%AE"
    await api("GET", hostile, status=404)
    answer = await api.answer("GET", f"{ENVIRONMENTS}/1")
    text = await browser.page()
    assert "fault: next 503" in text
    assert answer.headers["x-request-id"] in text
    assert "&lt;script&gt;\ufffd" in text
    for secret in ("hunter2", "sandbox-api-key", "sandbox-password", "\x1b", "\u202e"):
        assert secret not in text
    assert len(app.state.sandbox.requests) == 3, "the page is not among the requests"


async def test_many_environments_are_on_several_pages() -> None:
    app = create_app(control=True)
    async with connect(app) as http:
        for number in range(51):
            await Api(http).environment(f"number {number}")
    browser = Browser(app)
    assert 'rel="next" href="/?page=2"' in await browser.page()
    for query in ("2", "7"):
        text = await browser.page(f"/?page={query}")
        assert "number 50" in text
        assert "Page 2 of 2" in text
    for query in ("", "0", "x", "9" * 30, "-1"):
        assert "number 49" in await browser.page(f"/?page={query}")


async def test_its_forms_set_faults_and_rates(api: Api, browser: Browser, app: Starlette) -> None:
    await browser.send("faults", fault="next 503")
    await browser.send("settings", rate="5/s")
    assert (await api("GET", "/_sandbox"))["faults"] == ["next 503"]
    assert "<code>next 503</code>" in await browser.page()
    assert (await api("GET", "/_sandbox"))["rate"] == "5/1s"
    await browser.send("settings", rate="")
    await browser.send("lift-faults")
    assert await api("GET", "/_sandbox") == {"faults": [], "rate": None, "login_rate": None, "token_ttl": 86400}
    await api("DELETE", f"{ENVIRONMENTS}/1")
    await browser.send("forget-requests")
    assert app.state.sandbox.requests == []
    await browser.send("revoke-tokens")
    await browser.send("reset")
    await api("GET", f"{ENVIRONMENTS}/1")


async def test_a_form_that_is_not_understood_is_shown_again(browser: Browser) -> None:
    text = await browser.send("faults", status=422, fault='sometimes "<')
    assert 'role="alert"' in text
    assert "is no fault" in text
    assert 'value="sometimes &#34;&lt;"' in text
    assert "is no rate" in await browser.send("settings", status=422, rate="often")


async def test_a_form_from_elsewhere_is_refused(browser: Browser) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        await browser.send("reset", status=403, headers=headers)
    for token in ("", "x", "é"):
        await browser.send("reset", status=403, token=token)
    await browser.send("reset", status=421, headers={"Host": "rebind.evil.example"})
    for content, media_type, status in (
        (b"token=x", "text/plain", 415),
        (b"token=" + b"x" * 20_000, FORM, 413),
        (b"a=1&" * 30, FORM, 400),
        (b"\xff", FORM, 400),
    ):
        answer = await browser.http.post("/_page/reset", content=content, headers={"Content-Type": media_type})
        assert answer.status_code == status


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("PUT", "/_page/style.css"), ("GET", "/_page/reset")])
async def test_a_method_that_is_none_is_405(browser: Browser, method: str, path: str) -> None:
    answer = await browser.http.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"]


async def test_without_control_there_are_no_forms() -> None:
    answer = await Browser(create_app()).http.post("/_page/reset", data={"token": "x"})
    assert answer.status_code == 404


def basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("192.0.2.7", {}, 401),
        ("192.0.2.7", KEY | HTML, 401),
        ("192.0.2.7", basic("admin@sandbox.test:wrong"), 401),
        ("192.0.2.7", basic("admin@sandbox.test:sandbox-password"), 200),
        ("192.0.2.7", {"Authorization": "Basic é"}, 401),
        ("192.0.2.7", {"Authorization": "Basic //8="}, 401),
    ],
)
async def test_from_another_machine_it_asks_for_the_login(
    app: Starlette, client: str, headers: dict[str, Any], status: int
) -> None:
    answer = await Browser(app, client).http.get(
        "/", headers={name: value.encode("latin-1") for name, value in headers.items()}
    )
    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)
