"""How closely a case is watched: 一般 L0, 关注 L1, 重点 L2, 重大 L3.

No official scheme of levels was found, so all of this is a project rule [P] and configuration (rulebook 8).
A level is the highest of its triggers. It brings attention, never a longer legal deadline; what raises it is
automatic, and lowering it is left to a named supervisor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from services.rules.facts import CaseFacts, Jurisdictions
from shared.vocabulary import BureauLevel, Goods, Level, Urgency

URGENCY_LEVELS: Mapping[Urgency, Level] = MappingProxyType(
    {
        Urgency.ELDERLY: Level.ATTENTION,
        Urgency.DISABLED: Level.ATTENTION,
        Urgency.SERVICEMAN: Level.ATTENTION,
        Urgency.MINOR: Level.ATTENTION,
        Urgency.REPEAT: Level.ATTENTION,
        Urgency.MEDIA_EXPOSURE: Level.KEY,
        Urgency.DEPUTY: Level.KEY,
        Urgency.SUPERVISED: Level.KEY,
        Urgency.PETITION: Level.KEY,
        Urgency.PRIVACY_LEAK: Level.KEY,
        Urgency.VIOLENCE_OR_THREAT: Level.KEY,
        Urgency.LEADER_INSTRUCTION: Level.CRITICAL,
        Urgency.GROUP_INCIDENT: Level.CRITICAL,
        Urgency.NETWORK_STOPPAGE: Level.CRITICAL,
        Urgency.SAFETY: Level.CRITICAL,
        Urgency.DRUGS: Level.CRITICAL,
        Urgency.DEATH: Level.CRITICAL,
        Urgency.SELF_HARM_THREAT: Level.CRITICAL,
    }
)

GOODS_LEVELS: Mapping[Goods, Level] = MappingProxyType(
    {
        Goods.MEDICINE: Level.ATTENTION,
        Goods.EXAM_PAPERS: Level.ATTENTION,
        Goods.COURT_DOCUMENTS: Level.ATTENTION,
        Goods.IDENTITY_DOCUMENTS: Level.ATTENTION,
    }
)

# rulebook 8 [P]: L2 is copied to the province, L3 to the national centre (and the province stays informed)
COPIES: Mapping[Level, tuple[BureauLevel, ...]] = MappingProxyType(
    {
        Level.NORMAL: (),
        Level.ATTENTION: (),
        Level.KEY: (BureauLevel.PROVINCE,),
        Level.CRITICAL: (BureauLevel.PROVINCE, BureauLevel.NATIONAL),
    }
)


@dataclass(frozen=True, slots=True)
class LevelRules:
    """One version of the triggers: flags and goods by level, and the amount (fen) and count that make L1."""

    version: str = "P1"
    by_urgency: Mapping[Urgency, Level] = field(default_factory=lambda: URGENCY_LEVELS)
    by_goods: Mapping[Goods, Level] = field(default_factory=lambda: GOODS_LEVELS)
    amount_fen: int = 500_000
    repeat_cases: int = 2


class Trigger(StrEnum):
    """Triggers beside the urgency that was declared and the goods: what the case itself or other cases tell."""

    AMOUNT = "AMOUNT"
    """The amount asked for is large."""
    REPEATED = "REPEATED"
    """Other open cases are about the same item."""
    INITIAL_LEVEL = "INITIAL_LEVEL"
    """The case had this level before: a hotline declared it, or it was raised while the case waited."""


@dataclass(frozen=True, slots=True)
class LevelDecision:
    """The level, and the triggers that were met: all of them, not only the highest."""

    level: Level
    triggers: tuple[str, ...]


_NO_TRIGGER = LevelDecision(Level.NORMAL, ())


def decide(facts: CaseFacts, rules: LevelRules) -> LevelDecision:
    """Return the level of a case: the maximum over all triggers (rulebook 8 [P]). It never lowers a level."""
    levels_by_trigger = _triggers(facts, rules)
    if not levels_by_trigger:
        return _NO_TRIGGER
    return LevelDecision(max(levels_by_trigger.values()), tuple(levels_by_trigger))


def _triggers(facts: CaseFacts, rules: LevelRules) -> dict[str, Level]:
    triggers: dict[str, Level] = {}
    if facts.initial_level > Level.NORMAL:
        triggers[Trigger.INITIAL_LEVEL] = facts.initial_level
    for flag in facts.urgency:
        # a declared flag that the configuration forgot still draws attention
        triggers[str(flag)] = rules.by_urgency.get(flag, Level.ATTENTION)
    goods = rules.by_goods.get(facts.goods)
    if goods is not None:
        triggers[str(facts.goods)] = goods
    if facts.requested_fen is not None and facts.requested_fen >= rules.amount_fen:
        triggers[Trigger.AMOUNT] = Level.ATTENTION
    # this case counts as one of them
    if facts.same_waybill_open + 1 >= rules.repeat_cases:
        triggers[Trigger.REPEATED] = Level.ATTENTION
    return triggers


def copied_bureaus(
    level: Level, handling: str | None, province: str, bureaus: Jurisdictions
) -> tuple[str, ...]:
    """Return the codes of the bureaus that get a copy at a level (rulebook 8 [P]), without the one that handles the case.

    `province` is the region code of the province of the case.
    """
    superiors = {
        BureauLevel.PROVINCE: bureaus.bureau_by_region.get(province),
        BureauLevel.NATIONAL: bureaus.national,
    }
    codes = dict.fromkeys(superiors[copy] for copy in COPIES[level])
    return tuple(code for code in codes if code is not None and code != handling)
