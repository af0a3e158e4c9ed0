"""What the log says of calls, and what it never says."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest

from patchworks_core_client import (
    APIConnectionError,
    APITimeoutError,
    Patchworks,
    PatchworksError,
    RateLimitError,
    ServerError,
)
from patchworks_core_client._operations.operation import JSON, Operation
from patchworks_core_client._session import tracing
from tests.support.cases import cases
from tests.support.clients import Open
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import RESET, STALL, reply


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests have imported what turns them on."""
    monkeypatch.setattr(tracing, "enabled", lambda: False)


GET: Operation[Any] = Operation("GET", "/api/v1/things/{thing}", JSON)
LOGGER = "patchworks_core_client.attempts"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines about attempts, their times left out."""
    import re

    records = (r for r in caplog.records if r.name == LOGGER and r.levelno == logging.DEBUG)
    return [re.sub(r"in \d+ ms", "in N ms", r.message) for r in records]


def test_one_line_for_each_attempt(
    driver: Driver, server: FaultServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "patchworks_core_client")
    server.script([RESET], reply(500, headers={"X-Request-Id": "abc"}), reply(201, json=1))
    driver.call(GET, ("id-of-a-thing",), query={"filter[name]": "value-of-a-query"})
    assert lines(caplog) == [
        "GET /api/v1/things/{thing} -> connection_error in N ms (attempt 1, request id -)",
        "GET /api/v1/things/{thing} -> 500 in N ms (attempt 2, request id abc)",
        "GET /api/v1/things/{thing} -> 201 in N ms (attempt 3, request id -)",
    ]


def fields(record: logging.LogRecord) -> dict[str, object]:
    """What a record says in fields of its own."""
    names = ("method", "path_template", "status", "attempt", "wait", "request_id")
    return {name: getattr(record, name) for name in names}


def test_one_record_for_each_retry(
    driver: Driver, server: FaultServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "patchworks_core_client")
    server.script([RESET], reply(503, headers={"X-Request-Id": "abc", "Retry-After": "3"}), reply(201, json=1))
    driver.call(GET, ("id-of-a-thing",))
    common = {"method": "GET", "path_template": "/api/v1/things/{thing}"}
    assert [fields(record) for record in caplog.records] == [
        {**common, "status": None, "attempt": 1, "wait": 0.5, "request_id": None},
        {**common, "status": 503, "attempt": 2, "wait": 3.0, "request_id": "abc"},
    ]
    assert caplog.messages[1] == ("GET /api/v1/things/{thing} -> 503; sent again in 3.00 s (attempt 2, request id abc)")
    assert {record.levelname for record in caplog.records} == {"INFO"}


def test_one_record_for_each_pause(
    driver: Driver, server: FaultServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "patchworks_core_client")
    server.script(reply(429, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitError):
        driver.run(driver.pw.with_options(max_retries=0).request("GET", "/refused"))
    driver.call(GET, (1,))
    (record,) = caplog.records
    assert fields(record) == {
        "method": "GET",
        "path_template": "/api/v1/things/{thing}",
        "status": 429,
        "attempt": 1,
        "wait": pytest.approx(7, abs=0.5),
        "request_id": None,
    }


def test_a_path_that_nothing_describes_is_shown_without_values(
    driver: Driver, server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "patchworks_core_client")
    driver.request("GET", "/api/v1/virtual-environments/12/secret%20key/UPPER_case?key=value")
    assert lines(caplog) == [
        "GET /api/v1/virtual-environments/{}/{}/UPPER_case -> 200 in N ms (attempt 1, request id -)"
    ]


def test_attempts_without_an_answer(driver: Driver, server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "patchworks_core_client")
    server.script([STALL])
    with pytest.raises(APITimeoutError):
        driver.request("POST", "/x", timeout=0.1)
    (line,) = lines(caplog)
    assert line.startswith(f"POST /x -> {'timeout' if driver.kind == 'sync' else 'broken off'} in N ms")


def test_logins_are_logged_too(open_driver: Open, server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "patchworks_core_client")
    driver = open_driver(server.url, username="u", password="password", login_url=f"{server.url}/fabric/api/login")
    server.script(reply(json={"token": "token-of-the-tests"}, headers={"X-Request-Id": "abc"}))
    driver.request("GET", "/x")
    (login,) = (record for record in caplog.records if record.name.endswith(".login"))
    assert (login.levelname, login.getMessage()) == ("INFO", f"Logged in as u at {server.url.partition('//')[2]}.")
    assert fields(login) == {
        "method": "POST",
        "path_template": "/fabric/api/login",
        "status": 200,
        "attempt": None,
        "wait": None,
        "request_id": "abc",
    }
    assert lines(caplog) == [
        "POST /fabric/api/login -> 200 in N ms (attempt 1, request id abc)",
        "GET /x -> 200 in N ms (attempt 1, request id -)",
    ]
    assert not any(secret in caplog.text for secret in ("token-of-the-tests", "password"))


def test_nothing_is_logged_by_default(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    driver.request("GET")
    assert lines(caplog) == []
    assert [r for r in caplog.records if r.name == "httpx"] == [], "not even the line of httpx, with the whole URL"


SECRETS = ("key-of-the-tests", "value-of-a-query", "value-of-a-variable", "value-of-a-header")


@cases("fault", ["reset", "echo", "html", "strict", "refused"])
def test_no_secret_in_any_log_line_or_error(
    driver: Driver, server: FaultServer, clock: FakeClock, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    import traceback

    caplog.clear()
    caplog.set_level(logging.DEBUG)
    echo = " ".join(SECRETS[:1] + SECRETS[2:3])
    server.default = {
        "reset": [RESET],
        "echo": reply(500, json={"message": f"bad: {echo}", "errors": {"value": [f"{echo} is taken"]}}),
        "html": reply(200, body=f"<p>{echo}</p>".encode()),
        "strict": reply(json={"data": {"value": "value-of-a-variable", "id": []}}),
        "refused": reply(401, json={"message": f"Key {SECRETS[0]} is unknown"}),
    }[fault]
    call = driver.pw.virtual_environment_versions.create_variable
    with pytest.raises(PatchworksError) as caught:
        driver.run(
            call(
                1,
                body={"key": "k", "value": "value-of-a-variable"},
                params={"q": "value-of-a-query"},
                headers={"X-A": "value-of-a-header"},
                strict=True,
            )
        )
    error = caught.value
    shown = [r.getMessage() for r in caplog.records if r.name.startswith("patchworks_core_client")]
    shown += [str(error), repr(error), repr(driver.pw), repr(getattr(error, "errors", ""))]
    shown += traceback.format_exception(error)
    shown += [repr(getattr(error, "request", "")), repr(getattr(error, "response", ""))]
    text = "\n".join(shown)
    assert [secret for secret in SECRETS if secret in text] == []
    assert error.__cause__ is None


def test_a_traceback_with_variables_shows_no_key(driver: Driver, server: FaultServer, clock: FakeClock) -> None:
    import traceback

    server.default = [RESET]
    with pytest.raises(APIConnectionError) as caught:
        driver.request("GET", params={"q": "x"})
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame.locals or {} for frame in frames.stack if "patchworks_core_client" in frame.filename]
    assert len(ours) > 3
    assert "key-of-the-tests" not in repr(ours)


def test_short_values_are_masked_where_they_stand_alone(driver: Driver, server: FaultServer) -> None:
    server.default = reply(500, json={"message": "GB is no number, 1 of 10"})
    with pytest.raises(ServerError, match=r"500 \*\*\* is no number, 1 of 10"):
        driver.request("POST", json={"value": "GB", "list": [{"password": " "}, {"value": 5, "token": "zz"}, []]})


def test_errors_of_a_body_that_is_no_json(driver: Driver, server: FaultServer) -> None:
    server.script(reply(413, json={"message": "too much"}))
    with pytest.raises(PatchworksError, match="413 too much"):
        driver.call(Operation("POST", "/x", JSON, "text/csv"), body=b"a,b")


def test_what_is_worked_with_shows_nothing_either() -> None:
    from patchworks_core_client._http.request import Prepared
    from patchworks_core_client._http.secret import Secret, SecretBytes

    with Patchworks(api_key="secret", proxy="http://user:secret@127.0.0.1:1") as pw:
        assert repr(pw._shared.settings) == (
            "Settings(credentials=<Credentials: api_key>, "
            "connection=<ConnectionSettings https://core.wearepatchworks.com>, "
            f"limiter={pw._shared.settings.limiter!r})"
        )
    prepared = Prepared("GET", "https://x/1?secret", ((b"x", b"secret"),), b"secret", "/1", "/{n}")
    assert repr(prepared) == "<Prepared GET /{n}>"
    assert repr([Secret("secret"), SecretBytes(b"secret"), GET]) == (
        "[***, b'***', <Operation GET /api/v1/things/{thing}>]"
    )


# One program in which the variable changes: what it holds counts when a client is made.
LEVELS = """
import logging, os, sys
from patchworks_core_client import Patchworks
for level in sys.argv[1:]:
    os.environ["PATCHWORKS_LOG"] = level
    pw = Patchworks(api_key="k", base_url="http://127.0.0.1:1", max_retries=0)
    try:
        pw.request("GET", "/x")
    except Exception:
        pass
    print(logging.getLogger("patchworks_core_client").level, logging.getLogger().level, end="\\0", file=sys.stderr)
"""


def test_patchworks_log() -> None:
    command = [sys.executable, "-c", LEVELS, "", "debug", "warning", "loud"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    nothing, debug, warning, loud, _ = done.stderr.split("\0")
    assert nothing == "0 30"
    assert "patchworks_core_client.attempts DEBUG GET /x -> connection_error" in debug
    assert debug.endswith("\n10 30"), "only our own loggers are touched"
    assert warning == "30 30"
    assert "PATCHWORKS_LOG holds no level" in loud


def test_patchworks_log_leaves_handlers_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("patchworks_core_client")
    level, handlers = logger.level, list(logger.handlers)
    monkeypatch.setenv("PATCHWORKS_LOG", " Info ")
    try:
        Patchworks(api_key="k").close()
        assert logger.level == logging.INFO
        assert logger.handlers == handlers, "the root logger has some already"
    finally:
        logger.setLevel(level)


def test_patchworks_log_shows_lines_where_nothing_else_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = logging.getLogger("patchworks_core_client")
    monkeypatch.setattr(logger, "hasHandlers", lambda: False)
    try:
        for level in ("loud", "debug"):
            monkeypatch.setenv("PATCHWORKS_LOG", level)
            Patchworks(api_key="k").close()
        logger.getChild("x").debug("a line")
        assert "patchworks_core_client.x DEBUG a line" in capsys.readouterr().err
    finally:
        logger.setLevel(logging.NOTSET)
        logger.handlers.clear()
