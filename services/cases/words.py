"""Words that somebody wrote about a case: they may name persons, so they are sealed before they are stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from shared import serialisation
from shared.privacy.keyring import KeyRing


@dataclass(frozen=True, slots=True)
class Words:
    """Words by name, with the keys that seal them. Only a context with keys makes them (`KeyedContext.words`)."""

    texts: Mapping[str, str] = field(repr=False)
    ring: KeyRing = field(repr=False)

    def only(self, names: Collection[str]) -> "Words | None":
        """Return the words of some names; None where there are none."""
        return make({name: text for name, text in self.texts.items() if name in names}, self.ring)

    def seal(self, bound_to: bytes) -> bytes:
        """Seal the words, bound to the place where they are stored."""
        return self.ring.seal(serialisation.to_bytes(dict(self.texts)), bound_to=bound_to)


def make(texts: Mapping[str, str | None], ring: KeyRing) -> Words | None:
    """Return the words that are not empty; None where all are."""
    written = {name: text for name, text in texts.items() if text}
    return Words(written, ring) if written else None


def read(sealed: bytes | None, ring: KeyRing, *, bound_to: bytes) -> dict[str, str]:
    """Return sealed words. Raises SealBrokenError if they were altered or moved."""
    if sealed is None:
        return {}
    texts: dict[str, str] = serialisation.from_text(ring.unseal(bytes(sealed), bound_to=bound_to))
    return texts
