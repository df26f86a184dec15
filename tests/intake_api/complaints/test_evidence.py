"""Evidence over real HTTP: bytes in, a download out, each side within its scope, and nothing hostile taken."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.problems import assert_problem
from tests.running import Stack, wait_for
from tests.services.evidence import samples
from tests.services.evidence.samples import picture

Filing = Callable[..., dict[str, Any]]
Call = Callable[..., httpx.Response]
SIDES = {"complaints": "call-centre", "desk/cases": "desk-hangzhou", "carrier/cases": "carrier-zto"}
CANARY = "破损照片-canary-7291.jpg"
NOWHERE = "0d0f5f0c-6a52-4c5e-9f2b-7c1e8b1f2a30"
"""The identifier of no file."""
LARGEST = 20 * 1024 * 1024


@pytest.fixture
def call(stack: Stack) -> Call:
    """Return a function that calls the evidence of a case on a side, by default the client that filed."""

    def _call(
        method: str,
        number: str,
        *,
        side: str = "complaints",
        client: str | None = None,
        content: Any = None,
        file: str | None = None,
        operator: str = "li.na",
        evidence: str = "",
        query: str = "",
        **headers: str,
    ) -> httpx.Response:
        sent = stack.as_client(client or SIDES[side]) | headers
        if side == "desk/cases":
            sent |= {"X-Operator-Id": operator}
        if file is not None:
            sent |= {"X-File-Name": quote(file)}
        address = f"{stack.intake}/v1/{side}/{number}/evidence{'/' if evidence else ''}{evidence}{query}"
        return stack.http.request(method, address, content=content, headers=sent)

    return _call


@pytest.fixture(scope="module")
def forwarded(stack: Stack, filing: Filing) -> Callable[[], str]:
    """Return a function that files a complaint which goes to the enterprise."""

    def _file() -> str:
        number: str = stack.post(filing()).json()["number"]
        stack.wait_until_routed(number)
        address = f"/v1/complaints/{number}"
        wait_for(lambda: stack.get(address).json()["status"] == "FORWARDED" or None, f"{number} forwarded")
        return number

    return _file


def test_a_file_goes_in_once_and_comes_out_as_a_download(
    forwarded: Callable[[], str], call: Call, stack: Stack
) -> None:
    number, content = forwarded(), samples.jpeg(b"canary-of-the-bytes")
    # what the sender declares, and how the file is called, decides nothing
    headers = {"Content-Type": "text/html"}
    first = call("POST", number, content=content, file=CANARY.replace("jpg", "html"), **headers)
    assert first.status_code == 201, first.text
    receipt = first.json()
    assert (receipt["media_type"], receipt["size"], receipt["number"]) == ("image/jpeg", len(content), number)
    assert receipt["sha256"] == hashlib.sha256(content).hexdigest()
    again = call("POST", number, content=content)
    assert (again.status_code, again.json()["id"]) == (200, receipt["id"])
    [listed] = call("GET", number).json()["items"]
    assert listed == {name: value for name, value in receipt.items() if name != "number"}
    got = call("GET", number, evidence=receipt["id"])
    assert (got.status_code, got.content) == (200, content)
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    disposition = got.headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.endswith(quote(CANARY.replace(".jpg", ".html.jpg"), safe=""))
    assert got.headers["cache-control"] == "no-store"
    # neither name nor bytes are in any log, nor on the disk
    for folder in ("logs", "evidence"):
        for path in (stack.home / folder).rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert b"canary-of-the-bytes" not in data, path
                assert b"canary-7291" not in data, path


@pytest.mark.parametrize("media_type", samples.WHOLE)
def test_every_kind_keeps_its_media_type(media_type: str, forwarded: Callable[[], str], call: Call) -> None:
    number, content = forwarded(), samples.WHOLE[media_type]
    added = call("POST", number, side="desk/cases", content=content).json()
    got = call("GET", number, side="desk/cases", evidence=added["id"])
    assert (got.headers["content-type"], got.content) == (media_type, content)


@pytest.fixture(scope="module")
def one_case(forwarded: Callable[[], str]) -> str:
    """Return one case for all that is refused."""
    return forwarded()


@pytest.mark.parametrize("name", [name for name in samples.HOSTILE if name != "empty"])
def test_hostile_files_are_refused_with_what_is_taken(name: str, one_case: str, call: Call) -> None:
    answered = call(
        "POST", one_case, content=samples.HOSTILE[name], file=CANARY, **{"Content-Type": "image/jpeg"}
    )
    problem = assert_problem(answered, 415, "unsupported-file", canary="canary-7291")
    assert "application/pdf" in problem["taken"]


def test_files_that_are_empty_cut_off_or_too_large_are_refused(
    one_case: str, call: Call, stack: Stack
) -> None:
    before = stack.query("SELECT count(*) FROM evidence")[0][0]
    assert_problem(call("POST", one_case, content=b""), 400, "malformed-body")
    assert_problem(call("POST", one_case, content=samples.png()[:-5]), 422, "damaged-file")
    too_large = assert_problem(call("POST", one_case, content=bytes(LARGEST + 1)), 413, "body-too-large")
    assert "20 MB" in too_large["detail"]

    def _endless() -> Iterator[bytes]:
        # no length is announced; so much is never kept
        for _ in range(400):
            yield bytes(1024 * 1024)

    try:
        answered = call("POST", one_case, content=_endless())
    except httpx.WriteError:
        # the server answered and hung up while it was still being sent to
        pass
    else:
        assert_problem(answered, 413, "body-too-large")
    assert stack.query("SELECT count(*) FROM evidence")[0][0] == before
    assert stack.http.get(f"{stack.intake}/livez").status_code == 200


def test_the_largest_file_is_taken(one_case: str, call: Call) -> None:
    film = samples.mp4()[:-12]
    size = LARGEST - len(film)
    content = film + size.to_bytes(4) + b"mdat" + bytes(size - 8)
    added = call("POST", one_case, side="carrier/cases", content=content)
    assert (added.status_code, added.json()["size"]) == (201, LARGEST)
    got = call("GET", one_case, side="carrier/cases", evidence=added.json()["id"])
    assert hashlib.sha256(got.content).digest() == hashlib.sha256(content).digest()


def test_each_side_sees_what_is_its_own(forwarded: Callable[[], str], call: Call, stack: Stack) -> None:
    number = forwarded()
    ids = {
        "user": call("POST", number, content=picture(1)).json()["id"],
        "officer": call("POST", number, side="desk/cases", content=picture(2)).json()["id"],
        "shared": call("POST", number, side="desk/cases", content=picture(3), query="?share=true").json()[
            "id"
        ],
        "carrier": call("POST", number, side="carrier/cases", content=picture(4)).json()["id"],
    }
    expected: dict[tuple[str, str], set[str]] = {
        ("complaints", "call-centre"): {"user"},
        ("desk/cases", "desk-hangzhou"): set(ids),
        ("desk/cases", "desk-zhejiang"): set(ids),
        ("desk/cases", "desk-national"): set(ids),
        ("carrier/cases", "carrier-zto"): {"shared", "carrier"},
    }
    for (side, client), names in expected.items():
        listed = call("GET", number, side=side, client=client).json()["items"]
        assert {file["id"] for file in listed} == {ids[name] for name in names}
        for name, evidence in ids.items():
            got = call("GET", number, side=side, client=client, evidence=evidence)
            assert got.status_code == (200 if name in names else 404), (side, client, name)
    for side, client in (("complaints", "web-form"), ("carrier/cases", "carrier-yto")):
        for method, content in (("GET", None), ("POST", picture(5))):
            assert_problem(call(method, number, side=side, client=client, content=content), 404, "not-found")
    for side, client in (
        ("complaints", "desk-hangzhou"),
        ("complaints", "dashboard"),
        ("desk/cases", "call-centre"),
        ("carrier/cases", "call-centre"),
        ("desk/cases", "carrier-zto"),
    ):
        for method in ("GET", "POST"):
            assert_problem(
                call(method, number, side=side, client=client, content=picture(6)), 403, "forbidden"
            )
    # an officer shares the user's photograph by a verb of the desk
    case = stack.http.get(
        f"{stack.intake}/v1/desk/cases/{number}",
        headers=stack.as_client("desk-hangzhou") | {"X-Operator-Id": "li.na"},
    )
    shared = stack.http.post(
        f"{stack.intake}/v1/desk/cases/{number}/share-evidence",
        json={"evidence": ids["user"]},
        headers=stack.as_client("desk-hangzhou")
        | {"X-Operator-Id": "li.na", "If-Match": case.headers["etag"]},
    )
    assert shared.status_code == 200, shared.text
    assert call("GET", number, side="carrier/cases", evidence=ids["user"]).content == picture(1)
    feed = stack.get(f"/v1/carrier/cases/{number}", client="carrier-zto")
    assert feed.status_code == 200


@pytest.mark.parametrize(
    ("evidence", "number"),
    [
        (NOWHERE, None),
        ("x", None),
        ("..%2f..%2fkeys.json", None),
        (NOWHERE, "20261124000000017"),
    ],
)
def test_what_is_not_there_is_not_found(evidence: str, number: str | None, one_case: str, call: Call) -> None:
    assert_problem(call("GET", number or one_case, evidence=evidence), 404, "not-found")


def test_a_flag_that_is_none_is_refused(one_case: str, call: Call) -> None:
    answered = call("POST", one_case, side="desk/cases", content=picture(1), query="?share=perhaps")
    assert_problem(answered, 422, "invalid-input")
    unnamed = call("POST", one_case, side="desk/cases", content=picture(1), operator="nobody")
    assert_problem(unnamed, 403, "unknown-officer")
