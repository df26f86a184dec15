"""Levels are the maximum of their triggers, and more triggers never lower one."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import levels
from services.rules.facts import CaseFacts, Jurisdictions
from shared.vocabulary import Goods, Level, Urgency

RULES = levels.LevelRules()
FactsFactory = Callable[..., CaseFacts]


def test_nothing_remarkable_is_l0(facts: FactsFactory) -> None:
    assert levels.decide(facts(), RULES) == levels.LevelDecision(Level.NORMAL, ())


@pytest.mark.parametrize(
    ("flags", "level"),
    [
        ("ELDERLY DISABLED SERVICEMAN MINOR REPEAT", Level.ATTENTION),
        ("MEDIA_EXPOSURE DEPUTY SUPERVISED PETITION PRIVACY_LEAK VIOLENCE_OR_THREAT", Level.KEY),
        (
            "LEADER_INSTRUCTION GROUP_INCIDENT NETWORK_STOPPAGE SAFETY DRUGS DEATH SELF_HARM_THREAT",
            Level.CRITICAL,
        ),
    ],
)
def test_declared_flags(facts: FactsFactory, flags: str, level: Level) -> None:
    for flag in flags.split():
        decision = levels.decide(facts(urgency=(Urgency(flag),)), RULES)
        assert (decision.level, decision.triggers) == (level, (flag,))


def test_every_flag_has_a_level() -> None:
    assert set(levels.URGENCY_LEVELS) == set(Urgency)


@pytest.mark.parametrize(("fen", "level"), [(None, "L0"), (499_999, "L0"), (500_000, "L1"), (10**12, "L1")])
def test_the_amount_from_5000_yuan(facts: FactsFactory, fen: int | None, level: str) -> None:
    assert levels.decide(facts(requested_fen=fen), RULES).level == level


@pytest.mark.parametrize("goods", Goods)
def test_goods(facts: FactsFactory, goods: Goods) -> None:
    decision = levels.decide(facts(goods=goods), RULES)
    expected = () if goods is Goods.ORDINARY else (goods.value,)
    assert decision.triggers == expected
    assert decision.level == (Level.ATTENTION if expected else Level.NORMAL)


def test_this_case_and_another_make_a_repetition(facts: FactsFactory) -> None:
    assert levels.decide(facts(same_waybill_open=1), RULES).triggers == ("REPEATED",)
    assert not levels.decide(facts(same_waybill_open=0), RULES).triggers


@pytest.mark.parametrize(
    ("flag", "copies"),
    [
        (Urgency.ELDERLY, ()),
        (Urgency.DEPUTY, ("PROVINCE",)),
        (Urgency.DEATH, ("PROVINCE", "NATIONAL")),
    ],
)
def test_copies(facts: FactsFactory, flag: Urgency, copies: tuple[str, ...]) -> None:
    assert levels.COPIES[levels.decide(facts(urgency=(flag,)), RULES).level] == copies


@pytest.mark.parametrize(
    ("level", "handling", "province", "copies"),
    [
        (Level.NORMAL, "C330100", "330000", ()),
        (Level.KEY, "C330100", "330000", ("P330000",)),
        (Level.KEY, "P330000", "330000", ()),
        (Level.KEY, None, "330000", ("P330000",)),
        (Level.CRITICAL, "C330100", "330000", ("P330000", "N")),
        (Level.CRITICAL, "P330000", "330000", ("N",)),
        # the national centre handles it itself: no province
        (Level.CRITICAL, "N", "000000", ()),
    ],
)
def test_bureaus_that_get_a_copy(
    level: Level, handling: str | None, province: str, copies: tuple[str, ...], reference: Jurisdictions
) -> None:
    assert levels.copied_bureaus(level, handling, province, reference) == copies


@pytest.mark.parametrize("initial", Level)
def test_the_initial_level_is_a_trigger_and_never_falls(facts: FactsFactory, initial: Level) -> None:
    decision = levels.decide(facts(initial_level=initial, urgency=(Urgency.ELDERLY,)), RULES)
    assert decision.level == max(initial, Level.ATTENTION)
    assert ("INITIAL_LEVEL" in decision.triggers) == (initial > Level.NORMAL)


def test_all_triggers_are_named_and_the_highest_decides(facts: FactsFactory) -> None:
    case = facts(
        urgency=(Urgency.ELDERLY, Urgency.DEATH, Urgency.ELDERLY),
        goods=Goods.MEDICINE,
        requested_fen=900_000,
        same_waybill_open=3,
    )
    decision = levels.decide(case, RULES)
    assert decision.level is Level.CRITICAL
    assert decision.triggers == ("ELDERLY", "DEATH", "MEDICINE", "AMOUNT", "REPEATED")


def test_thresholds_are_configuration(facts: FactsFactory) -> None:
    strict = levels.LevelRules(
        by_urgency={Urgency.ELDERLY: Level.KEY}, by_goods={}, amount_fen=1, repeat_cases=5
    )
    case = facts(urgency=(Urgency.ELDERLY,), goods=Goods.MEDICINE, requested_fen=1, same_waybill_open=3)
    assert levels.decide(case, strict).triggers == ("ELDERLY", "AMOUNT")
    assert levels.decide(case, strict).level is Level.KEY


def test_a_flag_that_the_configuration_forgot_still_draws_attention(facts: FactsFactory) -> None:
    assert levels.decide(facts(urgency=(Urgency.DEATH,)), levels.LevelRules(by_urgency={})).level == "L1"


flags = st.lists(st.sampled_from(Urgency), max_size=6).map(tuple)
OTHER_TRIGGERS = {
    "goods": st.sampled_from(Goods),
    "requested_fen": st.integers(0, 10**7),
    "same_waybill_open": st.integers(0, 5),
}


@given(flags, flags, st.fixed_dictionaries({}, optional=OTHER_TRIGGERS))
def test_more_triggers_never_lower_a_level(
    facts: FactsFactory, some: tuple[Urgency, ...], more: tuple[Urgency, ...], others: dict[str, object]
) -> None:
    low = levels.decide(facts(urgency=some), RULES)
    high = levels.decide(facts(urgency=some + more, **others), RULES)
    assert high.level >= low.level
    assert set(high.triggers) >= set(low.triggers)
    assert set(levels.COPIES[high.level]) >= set(levels.COPIES[low.level])
