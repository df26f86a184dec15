"""Which postal administration handles a case, and which supervises it: the table R1-R9 of rulebook 4.

That each province handles the cases of its own region is law (申诉处理办法 art. 5 [V1]). Which province it
is when sender and addressee live in different ones no text says: those rules are project rules [P].
No case is left without a bureau: the floor is the manual triage of a named one. A rule that fails is
recorded and passed over, so that one fault cannot stop the cases that other rules can place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from services.rules.facts import Bureau, CaseFacts, Jurisdictions, Tried
from shared.vocabulary import BureauLevel, Role, Urgency

WHOLE_COUNTRY = "000000"
"""Stands for the province where the national centre handles the case itself."""

# rulebook 4, R3-R6: the issues (rulebook 5) by the stage at which they arise
ISSUES_AT_POSTING = frozenset({"ACCEPTANCE_SERVICE", "OVERCHARGE"})
ISSUES_AT_DELIVERY = frozenset({"DELIVERY_SERVICE", "COD"})
ISSUES_ON_THE_WAY = frozenset({"DELAY", "LOSS_SHORTAGE", "DAMAGE"})


class Seat(NamedTuple):
    """Who handles, who supervises, and the province (region code) of the handling bureau."""

    handling: str
    supervising: str
    province: str


class Match(NamedTuple):
    """A rule's answer. `by_place`: found from a place of the matter; `triage`: an officer has to find it."""

    seat: Seat
    note: str
    by_place: bool = False
    triage: bool = False


class Rule(NamedTuple):
    """One row of the table: `apply` returns a match, or the reason why the rule does not decide this case."""

    id: str
    apply: Callable[[CaseFacts, Jurisdictions], Match | str]


@dataclass(frozen=True, slots=True)
class Decision:
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
        return tuple(one for one in self.tried if one.outcome == "error")


class Place(NamedTuple):
    """The words for a place of the matter: how it is called, and why it decides nothing."""

    title: str
    absent: str
    unserved: str


def _place(title: str) -> Place:
    return Place(
        title, f"{title} is not given", f"{title} lies where no postal administration of the mainland serves"
    )


_DISPUTE = _place("place of the dispute (争议发生地)")
_MAILING = _place("place of mailing (寄递地)")
_DELIVERY = _place("place of delivery (投递地)")
_FAILING_LINK = _place("place of the failing link (失责环节所在地)")

_BOUNCED = "sent back as often as the limit allows: the common superior decides (退单达上限，共同上级决定)"


def upper_assignment(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R1 [P]: the national or provincial administration named the bureau."""
    if facts.upper_assignment is None:
        return "no upper administration named a bureau (无上级指定)"
    bureau = reference.bureaus.get(facts.upper_assignment)
    if bureau is None:
        return "the bureau that was named from above is not known here"
    return Match(seat_of(bureau, reference), f"named from above (上级指定): {bureau.name}")


def place_of_dispute(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R2 [P, as the official form asks for the place of the dispute]: where the dispute arose."""
    return _at(facts.dispute_region, _DISPUTE, reference)


def issue_at_posting(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R3 [P]: trouble at posting belongs to the place of mailing."""
    if facts.issue_code not in ISSUES_AT_POSTING:
        return "the issue is not one of posting (非收寄环节问题)"
    return _at(facts.mailing_region, _MAILING, reference)


def issue_at_delivery(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R4 [P]: trouble at delivery, and money collected there, belongs to the place of delivery."""
    if facts.issue_code not in ISSUES_AT_DELIVERY:
        return "the issue is not one of delivery (非投递环节问题)"
    return _at(facts.delivery_region, _DELIVERY, reference)


def failing_link(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R5 [P]: delay, loss and damage belong where the carrier's scans show the link that failed."""
    if facts.issue_code not in ISSUES_ON_THE_WAY:
        return "the issue is not delay, loss or damage (非延误、丢失、损毁)"
    return _at(facts.failing_link_region, _FAILING_LINK, reference)


def complainants_leg(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R6 [P]: the same issues, link unknown: the sender's place of mailing, the addressee's of delivery."""
    if facts.issue_code not in ISSUES_ON_THE_WAY:
        return "the issue is not delay, loss or damage (非延误、丢失、损毁)"
    if facts.role == Role.SENDER:
        return _at(facts.mailing_region, _MAILING, reference)
    if facts.role == Role.ADDRESSEE:
        return _at(facts.delivery_region, _DELIVERY, reference)
    return "the complainant is neither sender nor addressee (非寄件人或收件人)"


def domestic_leg(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R7 [P]: one leg abroad or in Hong Kong, Macao or Taiwan: the place of the other leg."""
    if facts.mailing_region is None or facts.delivery_region is None:
        return "the two legs are not both given (寄递地、投递地不全)"
    mailing = _at(facts.mailing_region, _MAILING, reference)
    delivery = _at(facts.delivery_region, _DELIVERY, reference)
    if isinstance(mailing, Match) and isinstance(delivery, str):
        return mailing
    if isinstance(delivery, Match) and isinstance(mailing, str):
        return delivery
    return "not exactly one leg lies in the mainland (非一端在境外)"


def multi_province_pattern(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R8 [P; 快递市场管理办法 art. 39 has stoppages reported in 24 hours, V1]: the national centre leads."""
    if not _is_multi_province(facts, reference):
        return "no network stoppage over several provinces (非跨省网络阻断)"
    return Match(_national(reference), _lead_note(facts))


def complainants_province(facts: CaseFacts, reference: Jurisdictions) -> Match | str:
    """R9 [P]: nothing decides: triage by the complainant's province, or by the national centre."""
    region = reference.regions.get(facts.complainant_region) if facts.complainant_region is not None else None
    bureau = _bureau_at(region.province, reference) if region is not None else None
    if bureau is None:
        return Match(
            _national(reference), "no place is known: triage by the national centre (人工分派)", triage=True
        )
    note = f"triage by the complainant's province (申诉人所在省人工分派): {bureau.name}"
    return Match(seat_of(bureau, reference), note, triage=True)


RULES: tuple[Rule, ...] = (
    Rule("R1", upper_assignment),
    Rule("R2", place_of_dispute),
    Rule("R3", issue_at_posting),
    Rule("R4", issue_at_delivery),
    Rule("R5", failing_link),
    Rule("R6", complainants_leg),
    Rule("R7", domestic_leg),
    Rule("R8", multi_province_pattern),
    Rule("R9", complainants_province),
)


def decide(facts: CaseFacts, reference: Jurisdictions, rules: tuple[Rule, ...] = RULES) -> Decision:
    """Return the bureaus of a case by the first rule that decides. Never fails, never leaves it unassigned.

    `rules` is the table to go by; a rule that raises stands in `Decision.errors`.
    """
    tried: list[Tried] = []
    for rule in rules:
        answer = _attempt(rule, facts, reference)
        if isinstance(answer, Match):
            tried.append(Tried(rule.id, "matched", answer.note))
            return _conclude(rule.id, answer, tried, facts, reference)
        tried.append(answer)
    tried.append(Tried("FLOOR", "matched", "no rule answered: triage by the national centre (人工分派)"))
    return Decision(*_national(reference), rule="FLOOR", triage=True, tried=tuple(tried))


def _attempt(rule: Rule, facts: CaseFacts, reference: Jurisdictions) -> Match | Tried:
    try:
        answer = rule.apply(facts, reference)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one rule, the citizen's case goes on
        return Tried(rule.id, "error", f"the rule failed: {type(error).__name__}")
    return answer if isinstance(answer, Match) else _passed_over(rule.id, answer)


@lru_cache(maxsize=256)
def _passed_over(rule: str, reason: str) -> Tried:
    # most rules pass over most cases, each for one of a few fixed reasons: one record serves them all
    return Tried(rule, "passed_over", reason)


def _conclude(
    rule: str, match: Match, tried: list[Tried], facts: CaseFacts, reference: Jurisdictions
) -> Decision:
    handling, supervising, province = match.seat
    if rule != "R1" and facts.bounces >= reference.max_bounces:
        # rulebook 4 [P, after 66号文 on disputed dispatches, V2]: sent back too often, the superior decides
        rule = "BOUNCES"
        handling, supervising, province = _superior(match.seat, reference)
        tried.append(Tried(rule, "matched", _BOUNCED))
    if match.by_place and _is_multi_province(facts, reference):
        # R8 also where a place is known: its province does the work, the national centre leads
        supervising = reference.national
        tried.append(Tried("R8", "matched", _lead_note(facts)))
    return Decision(handling, supervising, province, rule, match.triage, tuple(tried))


def _is_multi_province(facts: CaseFacts, reference: Jurisdictions) -> bool:
    return (
        facts.provinces_hit >= reference.national_lead_provinces and Urgency.NETWORK_STOPPAGE in facts.urgency
    )


def _lead_note(facts: CaseFacts) -> str:
    return (
        f"network stoppage in {facts.provinces_hit} provinces: the national centre leads, "
        "the provinces assist (国家局牵头，各省协助)"
    )


def _at(code: str | None, place: Place, reference: Jurisdictions) -> Match | str:
    """Return the bureaus of a place: the city's where its province delegates, else the province's."""
    if code is None:
        return place.absent
    region = reference.regions.get(code)
    province = _bureau_at(region.province, reference) if region is not None else None
    if region is None or province is None:
        return place.unserved
    seat = Seat(province.code, reference.national, region.province)
    if province.city_handles:
        city = _bureau_at(region.city or code, reference)
        if city is not None and city.level == BureauLevel.CITY:
            seat = Seat(city.code, province.code, region.province)
    return Match(seat, f"{place.title}: {code} {region.name}", by_place=True)


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
