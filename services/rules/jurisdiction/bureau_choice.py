"""Which postal administration handles a case, and which supervises it: the table R1-R9 of rulebook 4.

That each province handles the cases of its own region is law (申诉处理办法 art. 5 [V1]). Which province it
is when sender and addressee live in different ones no text says: those rules are project rules [P].
No case is left without a bureau: the floor is the manual triage of a named one. A rule that fails is
recorded and passed over, so that one fault cannot stop the cases that other rules can place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from services.rules.facts import NO_PARAMS, Bureau, CaseFacts, Jurisdictions, Params, Tried
from shared.vocabulary import BureauLevel, Role, Urgency

WHOLE_COUNTRY = "000000"
"""The province of cases that the national centre handles itself."""

# rulebook 4, R3-R6: the issues (rulebook 5) by the stage at which they arise
ISSUES_AT_POSTING = frozenset({"ACCEPTANCE_SERVICE", "OVERCHARGE"})
ISSUES_AT_DELIVERY = frozenset({"DELIVERY_SERVICE", "COD"})
ISSUES_ON_THE_WAY = frozenset({"DELAY", "LOSS_SHORTAGE", "DAMAGE"})


class Seat(NamedTuple):
    """Who handles, who supervises, and the province (region code) of the handling bureau."""

    handling: str
    supervising: str
    province: str


class ChoiceReason(StrEnum):
    """Why a rule decides a case, or passes it over; the texts stand in `services.views.decision_texts`."""

    ASSIGNED_FROM_ABOVE = "ASSIGNED_FROM_ABOVE"
    NOT_ASSIGNED_FROM_ABOVE = "NOT_ASSIGNED_FROM_ABOVE"
    ASSIGNED_BUREAU_UNKNOWN = "ASSIGNED_BUREAU_UNKNOWN"
    PLACE = "PLACE"
    PLACE_NOT_GIVEN = "PLACE_NOT_GIVEN"
    PLACE_NOT_SERVED = "PLACE_NOT_SERVED"
    NOT_AT_POSTING = "NOT_AT_POSTING"
    NOT_AT_DELIVERY = "NOT_AT_DELIVERY"
    NOT_ON_THE_WAY = "NOT_ON_THE_WAY"
    NEITHER_SENDER_NOR_ADDRESSEE = "NEITHER_SENDER_NOR_ADDRESSEE"
    LEGS_NOT_BOTH_GIVEN = "LEGS_NOT_BOTH_GIVEN"
    NOT_ONE_LEG_ABROAD = "NOT_ONE_LEG_ABROAD"
    NETWORK_STOPPAGE = "NETWORK_STOPPAGE"
    NO_NETWORK_STOPPAGE = "NO_NETWORK_STOPPAGE"
    TRIAGE_BY_PROVINCE = "TRIAGE_BY_PROVINCE"
    TRIAGE_BY_NATIONAL_CENTRE = "TRIAGE_BY_NATIONAL_CENTRE"
    NO_RULE_ANSWERED = "NO_RULE_ANSWERED"
    SENT_BACK_TOO_OFTEN = "SENT_BACK_TOO_OFTEN"
    RULE_FAILED = "RULE_FAILED"


class DecidingPlace(StrEnum):
    """A place of the matter that may decide."""

    DISPUTE = "DISPUTE"
    MAILING = "MAILING"
    DELIVERY = "DELIVERY"
    FAILING_LINK = "FAILING_LINK"


class Match(NamedTuple):
    """A rule's answer. `by_place`: found from a place of the matter; `triage`: an officer has to find it."""

    seat: Seat
    reason: ChoiceReason
    params: Params = NO_PARAMS
    by_place: bool = False
    triage: bool = False


class PassedOver(NamedTuple):
    """Why a rule does not decide this case."""

    reason: ChoiceReason
    params: Params = NO_PARAMS


class ChoiceRule(NamedTuple):
    """One row of the table: `apply` returns a match, or the reason why the rule does not decide this case."""

    id: str
    apply: Callable[[CaseFacts, Jurisdictions], Match | PassedOver]


@dataclass(frozen=True, slots=True)
class BureauChoice:
    """Where the case goes, by which rule, and every rule that was tried, in order."""

    handling: str
    supervising: str
    province: str
    rule: str
    triage: bool
    tried: tuple[Tried, ...]

    @property
    def errors(self) -> tuple[Tried, ...]:
        """The rules that failed; the caller raises an alarm where there are any."""
        return tuple(rule for rule in self.tried if rule.outcome == "error")


_NOT_GIVEN = {
    place: PassedOver(ChoiceReason.PLACE_NOT_GIVEN, Params.of(place=place)) for place in DecidingPlace
}
_NOT_SERVED = {
    place: PassedOver(ChoiceReason.PLACE_NOT_SERVED, Params.of(place=place)) for place in DecidingPlace
}


def upper_assignment(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R1 [P]: the national or provincial administration named the bureau."""
    if facts.upper_assignment is None:
        return PassedOver(ChoiceReason.NOT_ASSIGNED_FROM_ABOVE)
    bureau = reference.bureaus.get(facts.upper_assignment)
    if bureau is None:
        return PassedOver(ChoiceReason.ASSIGNED_BUREAU_UNKNOWN)
    return Match(seat_of(bureau, reference), ChoiceReason.ASSIGNED_FROM_ABOVE, Params.of(bureau=bureau.code))


def place_of_dispute(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R2 [P, as the official form asks for the place of the dispute]: where the dispute arose."""
    return _at(facts.dispute_region, DecidingPlace.DISPUTE, reference)


def issue_at_posting(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R3 [P]: trouble at posting belongs to the place of mailing."""
    if facts.issue_code not in ISSUES_AT_POSTING:
        return PassedOver(ChoiceReason.NOT_AT_POSTING)
    return _at(facts.mailing_region, DecidingPlace.MAILING, reference)


def issue_at_delivery(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R4 [P]: trouble at delivery, and money collected there, belongs to the place of delivery."""
    if facts.issue_code not in ISSUES_AT_DELIVERY:
        return PassedOver(ChoiceReason.NOT_AT_DELIVERY)
    return _at(facts.delivery_region, DecidingPlace.DELIVERY, reference)


def failing_link(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R5 [P]: delay, loss and damage belong where the carrier's scans show the link that failed."""
    if facts.issue_code not in ISSUES_ON_THE_WAY:
        return PassedOver(ChoiceReason.NOT_ON_THE_WAY)
    return _at(facts.failing_link_region, DecidingPlace.FAILING_LINK, reference)


def complainants_leg(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R6 [P]: the same issues, link unknown: the sender's place of mailing, the addressee's of delivery."""
    if facts.issue_code not in ISSUES_ON_THE_WAY:
        return PassedOver(ChoiceReason.NOT_ON_THE_WAY)
    if facts.role == Role.SENDER:
        return _at(facts.mailing_region, DecidingPlace.MAILING, reference)
    if facts.role == Role.ADDRESSEE:
        return _at(facts.delivery_region, DecidingPlace.DELIVERY, reference)
    return PassedOver(ChoiceReason.NEITHER_SENDER_NOR_ADDRESSEE)


def domestic_leg(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R7 [P]: one leg abroad or in Hong Kong, Macao or Taiwan: the place of the other leg."""
    if facts.mailing_region is None or facts.delivery_region is None:
        return PassedOver(ChoiceReason.LEGS_NOT_BOTH_GIVEN)
    mailing = _at(facts.mailing_region, DecidingPlace.MAILING, reference)
    delivery = _at(facts.delivery_region, DecidingPlace.DELIVERY, reference)
    if isinstance(mailing, Match) and isinstance(delivery, PassedOver):
        return mailing
    if isinstance(delivery, Match) and isinstance(mailing, PassedOver):
        return delivery
    return PassedOver(ChoiceReason.NOT_ONE_LEG_ABROAD)


def multi_province_pattern(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R8 [P; 快递市场管理办法 art. 39 has stoppages reported in 24 hours, V1]: the national centre leads."""
    if not _is_multi_province(facts, reference):
        return PassedOver(ChoiceReason.NO_NETWORK_STOPPAGE)
    return Match(
        _national(reference), ChoiceReason.NETWORK_STOPPAGE, Params.of(provinces=facts.provinces_hit)
    )


def complainants_province(facts: CaseFacts, reference: Jurisdictions) -> Match | PassedOver:
    """R9 [P]: nothing decides: triage by the complainant's province, or by the national centre."""
    region = reference.regions.get(facts.complainant_region) if facts.complainant_region is not None else None
    bureau = _bureau_at(region.province, reference) if region is not None else None
    if bureau is None:
        return Match(_national(reference), ChoiceReason.TRIAGE_BY_NATIONAL_CENTRE, triage=True)
    params = Params.of(bureau=bureau.code)
    return Match(seat_of(bureau, reference), ChoiceReason.TRIAGE_BY_PROVINCE, params, triage=True)


RULES: tuple[ChoiceRule, ...] = (
    ChoiceRule("R1", upper_assignment),
    ChoiceRule("R2", place_of_dispute),
    ChoiceRule("R3", issue_at_posting),
    ChoiceRule("R4", issue_at_delivery),
    ChoiceRule("R5", failing_link),
    ChoiceRule("R6", complainants_leg),
    ChoiceRule("R7", domestic_leg),
    ChoiceRule("R8", multi_province_pattern),
    ChoiceRule("R9", complainants_province),
)


def decide(facts: CaseFacts, reference: Jurisdictions, rules: tuple[ChoiceRule, ...] = RULES) -> BureauChoice:
    """Return the bureaus of a case by the first rule that decides. Never fails, never leaves it unassigned.

    `rules` is the table to go by; a rule that raises stands in `BureauChoice.errors`.
    """
    tried: list[Tried] = []
    for rule in rules:
        answer = _attempt(rule, facts, reference)
        if isinstance(answer, Match):
            tried.append(Tried(rule.id, "matched", answer.reason, answer.params))
            return _conclude(rule.id, answer, tried, facts, reference)
        tried.append(answer)
    tried.append(Tried("FLOOR", "matched", ChoiceReason.NO_RULE_ANSWERED))
    return BureauChoice(*_national(reference), rule="FLOOR", triage=True, tried=tuple(tried))


def _attempt(rule: ChoiceRule, facts: CaseFacts, reference: Jurisdictions) -> Match | Tried:
    try:
        answer = rule.apply(facts, reference)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one rule, the citizen's case goes on
        return Tried(rule.id, "error", ChoiceReason.RULE_FAILED, Params.of(error=type(error).__name__))
    return answer if isinstance(answer, Match) else _passed_over(rule.id, answer)


@lru_cache(maxsize=256)
def _passed_over(rule: str, answer: PassedOver) -> Tried:
    # most rules pass over most cases, each for one of a few fixed reasons: one record serves them all
    return Tried(rule, "passed_over", answer.reason, answer.params)


def _conclude(
    rule: str, match: Match, tried: list[Tried], facts: CaseFacts, reference: Jurisdictions
) -> BureauChoice:
    handling, supervising, province = match.seat
    if rule != "R1" and facts.bounces >= reference.max_bounces:
        # rulebook 4 [P, after 66号文 on disputed dispatches, V2]: sent back too often, the superior decides
        rule = "BOUNCES"
        handling, supervising, province = _superior(match.seat, reference)
        tried.append(Tried(rule, "matched", ChoiceReason.SENT_BACK_TOO_OFTEN))
    if match.by_place and _is_multi_province(facts, reference):
        # R8 also where a place is known: its province does the work, the national centre leads
        supervising = reference.national
        provinces = Params.of(provinces=facts.provinces_hit)
        tried.append(Tried("R8", "matched", ChoiceReason.NETWORK_STOPPAGE, provinces))
    return BureauChoice(handling, supervising, province, rule, match.triage, tuple(tried))


def _is_multi_province(facts: CaseFacts, reference: Jurisdictions) -> bool:
    return (
        facts.provinces_hit >= reference.national_lead_provinces and Urgency.NETWORK_STOPPAGE in facts.urgency
    )


def _at(code: str | None, place: DecidingPlace, reference: Jurisdictions) -> Match | PassedOver:
    """Return the bureaus of a place: the city's where its province delegates, else the province's."""
    if code is None:
        return _NOT_GIVEN[place]
    region = reference.regions.get(code)
    province = _bureau_at(region.province, reference) if region is not None else None
    if region is None or province is None:
        return _NOT_SERVED[place]
    seat = Seat(province.code, reference.national, region.province)
    if province.city_handles:
        city = _bureau_at(region.city or code, reference)
        if city is not None and city.level == BureauLevel.CITY:
            seat = Seat(city.code, province.code, region.province)
    return Match(seat, ChoiceReason.PLACE, Params.of(place=place, region=code), by_place=True)


def _bureau_at(region: str, reference: Jurisdictions) -> Bureau | None:
    code = reference.bureau_by_region.get(region)
    return reference.bureaus.get(code) if code is not None else None


def seat_of(bureau: Bureau, reference: Jurisdictions) -> Seat:
    """Return who handles, who supervises, and the province, where a bureau is named outright."""
    region = reference.regions.get(bureau.region)
    province = region.province if region is not None else WHOLE_COUNTRY
    return Seat(bureau.code, bureau.parent or reference.national, province)


def _superior(seat: Seat, reference: Jurisdictions) -> Seat:
    bureau = reference.bureaus.get(seat.supervising)
    return seat_of(bureau, reference) if bureau is not None else _national(reference)


def _national(reference: Jurisdictions) -> Seat:
    return Seat(reference.national, reference.national, WHOLE_COUNTRY)
