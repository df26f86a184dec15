"""Signed requests (RFC 9421): checks the key, the covered components, the time and the nonce of a signature.

The algorithm is that of the key, never that of the message. A request is processed only after every check; each refusal
is the same 401, with advice and without the input.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import http_sf
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver
from starlette.requests import Request

from shared import clock
from shared.http.auth import KEY_CACHE_SECONDS, HasScopes, UnauthenticatedError
from shared.http.middleware import METHOD_SENT
from shared.signing import ALGORITHMS, SigningKey

WINDOW = timedelta(seconds=300)
"""The greatest difference between the sender's clock and ours, and the greatest age of a request."""
REQUIRED = ("@method", "@authority", "@target-uri")
DIGEST, REQUEST_KEY = "content-digest", "idempotency-key"
_NONCE = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)

CallerT = TypeVar("CallerT", bound=HasScopes)


class SignatureError(UnauthenticatedError):
    """The signature of the request is not valid."""

    code: ClassVar[str] = "invalid-signature"
    title: ClassVar[str] = "The signature of the request does not hold"


class _Message(NamedTuple):
    """The request in the form of the library, with the address that the client used."""

    method: str
    url: str
    headers: Any


class _Stated(NamedTuple):
    """The parameters of a signature, before it is verified."""

    key_id: str
    created: datetime
    nonce: str


class _Verifier(HTTPMessageVerifier):
    """The library's verifier; the time was checked before, by our clock and window."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Check nothing: the time was checked before."""


class Signatures(Generic[CallerT]):
    """Recognises the senders of signed requests.

    `look_up` finds a valid key; `remember` stores a nonce until a moment and returns whether it is new; `hold` reads the
    body and keeps it for later readers; `public_url` is the public address, if the process is behind a proxy.
    """

    def __init__(
        self,
        look_up: Callable[[str], Awaitable[SigningKey[CallerT] | None]],
        remember: Callable[[str, str, datetime], Awaitable[bool]],
        hold: Callable[[Request], Awaitable[bytes]],
        *,
        public_url: str | None = None,
    ) -> None:
        self._look_up = look_up
        self._remember = remember
        self._hold = hold
        self._public_url = public_url
        self._known: dict[str, tuple[float, SigningKey[CallerT]]] = {}

    async def caller(self, request: Request) -> CallerT:
        """Return the caller who signed a request. Raises SignatureError, or an error of reading the body."""
        stated = _stated(request)
        key = await self._key(stated.key_id)
        message = _Message(
            request.scope.get(METHOD_SENT, request.method), self._address(request), request.headers
        )
        if key is None or not _holds(message, key):
            raise SignatureError(
                "The key is unknown or revoked, or the signature is not that of this request: check key, method, address, "
                "covered headers and the order of the components."
            )
        if _has_body(request):
            await self._check_body(request)
        # last, so that a refused request can be corrected and sent again with the same nonce
        if not await self._remember(stated.key_id, stated.nonce, stated.created + 2 * WINDOW):
            raise SignatureError("This nonce was used before: sign each request with a new nonce.")
        return key.caller

    async def _key(self, key_id: str) -> SigningKey[CallerT] | None:
        """Return a key; cached for a short time, like API keys in the authenticator."""
        moment = time.monotonic()
        entry = self._known.get(key_id)
        if entry is not None and entry[0] > moment:
            return entry[1]
        key = await self._look_up(key_id)
        if key is None:
            self._known.pop(key_id, None)
        else:
            # only existing keys are cached, so that nobody can fill the memory
            self._known[key_id] = (moment + KEY_CACHE_SECONDS, key)
        return key

    def _address(self, request: Request) -> str:
        scope = request.scope
        path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query: str = scope["query_string"].decode("latin-1")
        base = self._public_url or f"{scope['scheme']}://{request.headers.get('host', '')}"
        return base + path + (f"?{query}" if query else "")

    async def _check_body(self, request: Request) -> None:
        body = await self._hold(request)
        try:
            _Verifier.content_digest_class.verify(", ".join(request.headers.getlist(DIGEST)), body)
        except InvalidSignature as error:
            raise SignatureError(
                "The body is not the one that was signed: send its SHA-256 or SHA-512 as Content-Digest (RFC 9530)."
            ) from error


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _stated(request: Request) -> _Stated:
    """Read the parameters of the signature, and refuse those that no key could make valid."""
    members, parameters = _only_signature(request)
    key_id, nonce, created = (parameters.get(name) for name in ("keyid", "nonce", "created"))
    if not isinstance(key_id, str):
        raise SignatureError("The signature names no key: give `keyid`.")
    if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce):
        raise SignatureError("The signature has no `nonce` of 8 to 128 visible ASCII characters.")
    covered = {name for name, qualified in members if not qualified}
    lacking = [name for name in _needed(request) if name not in covered]
    if lacking:
        raise SignatureError(
            f"The signature does not cover {', '.join(lacking)}, as it must for this request."
        )
    return _Stated(key_id, _moment(created, parameters.get("expires")), nonce)


def _only_signature(request: Request) -> tuple[Sequence[Any], Mapping[str, Any]]:
    inputs = ", ".join(request.headers.getlist("signature-input"))
    parsed: Any
    try:
        parsed = http_sf.parse(inputs.encode("latin-1"), tltype="dictionary")
    except (ValueError, TypeError) as error:
        raise SignatureError(
            "Signature-Input is not a dictionary of structured fields (RFC 9421, 4.1)."
        ) from error
    values = list(parsed.values()) if isinstance(parsed, dict) else []
    if len(values) != 1 or not isinstance(values[0][0], list):
        raise SignatureError("Sign the request once: Signature-Input has one member, a list of components.")
    members, parameters = values[0]
    return members, parameters


def _needed(request: Request) -> list[str]:
    digest = [DIGEST] if _has_body(request) else []
    return [*REQUIRED, *digest, *([REQUEST_KEY] if REQUEST_KEY in request.headers else [])]


def _moment(created: object, expires: object) -> datetime:
    """Return when the signature was made. Raises SignatureError outside the window, by our clock."""
    now = clock.now()
    advice = "Say in `created` when the request was signed; the clock may be 300 seconds from ours. Check your clock."
    if type(created) is not int:
        raise SignatureError(advice)
    if abs(created - now.timestamp()) > WINDOW.total_seconds():
        raise SignatureError(advice, members={"server_time": now})
    if expires is not None and (type(expires) is not int or expires <= now.timestamp()):
        raise SignatureError("The signature has expired (`expires`); sign the request again.")
    return datetime.fromtimestamp(created, UTC)


def _holds(message: _Message, key: SigningKey[Any]) -> bool:
    """Report whether the signature of a message is valid for a key, by the key's algorithm."""
    resolver = MappingKeyResolver(public_keys={key.id: key.material}, private_keys={})
    verifier = _Verifier(signature_algorithm=ALGORITHMS[key.algorithm], key_resolver=resolver)
    try:
        verifier.verify(message)
    except InvalidSignature:
        return False
    return True
