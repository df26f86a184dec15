"""The rules of a kind of case: its state table with the deadlines of the states, and its messages.

A new kind is one more entry of `KINDS`, with a table and notices of its own.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.rules import notices
from services.rules.notices import Notices
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from services.rules.states.table import StateTable
from shared.vocabulary import CaseKind


class KindRules(NamedTuple):
    """The rules of one kind of case."""

    states: StateTable
    notices: Notices


Kinds = Mapping[str, KindRules]
"""Rules by kind of case."""

KINDS: Kinds = MappingProxyType(
    {CaseKind.CONSUMER_COMPLAINT: KindRules(CONSUMER_COMPLAINTS, notices.OF_COMPLAINTS)}
)


def states_of(kind: str) -> StateTable:
    """Return the state table of a kind of case."""
    return KINDS[kind].states
