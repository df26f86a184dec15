"""An entry of the description: a name, what it means, and its details."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DescriptionEntry:
    """One thing that the code defines."""

    name: str
    meaning: str
    details: Mapping[str, str] = field(default_factory=dict)
