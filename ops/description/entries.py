"""An entry of the description: a name, its meaning, and its details."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DescriptionEntry:
    """One definition of the code."""

    name: str
    meaning: str
    details: Mapping[str, str] = field(default_factory=dict)
