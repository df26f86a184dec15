"""The state table of a consumer complaint (申诉): one row for each move, with the reason beside it (rulebook 2)."""

from types import MappingProxyType

from services.rules.states import closing_guards, facts, guards
from services.rules.states.table import Move, StateTable, by, each, free, guarded
from services.rules.states.verbs import Actor, Verb
from shared.event_kinds import EventKind
from shared.vocabulary import OPEN, DeadlineKind, Status

_OFFICER = by(Actor.REVIEWER)
_SUPERVISOR = by(Actor.SUPERVISOR)
_OPEN = frozenset(OPEN)
S, V = Status, Verb
_MOVES: tuple[Move, ...] = (
    free(
        V.RECEIVE,
        None,
        S.RECEIVED,
        by(Actor.INTAKE),
        "a complaint came in; its deadlines start (邮政法 art. 65)",
    ),
    free(
        V.IMPORT,
        None,
        S.CLOSED,
        by(Actor.IMPORT),
        "history of an older system arrives with its outcome",
    ),
    free(
        V.ACCEPT,
        S.RECEIVED,
        S.ACCEPTED,
        by(Actor.WORKER, Actor.REVIEWER),
        "the eight checks passed and the bureau lets the worker, or an officer found them met (2020 arts 8-10)",
    ),
    guarded(
        facts.SupplementRequestFacts,
        S.RECEIVED,
        S.AWAITING_SUPPLEMENT,
        _OFFICER,
        guards.something_is_requested,
        "elements are missing: the user is asked first (2014 art. 9(3))",
    ),
    free(
        V.SUPPLEMENT,
        S.AWAITING_SUPPLEMENT,
        S.RECEIVED,
        by(Actor.USER, Actor.HOTLINE, Actor.REVIEWER),
        "what was asked for came, or is no longer needed: the conditions are evaluated again",
    ),
    guarded(
        facts.RefusalFacts,
        S.RECEIVED,
        S.REFUSED,
        _OFFICER,
        guards.elements_were_requested,
        "a condition of admission is not met; the user receives ground and basis (2014 art. 10)",
    ),
    guarded(
        facts.RefusalFacts,
        S.AWAITING_SUPPLEMENT,
        S.REFUSED,
        _OFFICER,
        guards.supplement_did_not_come,
        "the elements were not supplied before the deadline; an officer, never the machine, refuses [P]",
    ),
    guarded(
        facts.ForwardingFacts,
        S.ACCEPTED,
        S.FORWARDED,
        by(Actor.WORKER, Actor.REVIEWER),
        guards.respondent_is_known,
        "the enterprise must handle what the bureau forwards (快递市场管理办法 art. 30)",
    ),
    *each(
        facts.ReplyFacts,
        (S.FORWARDED, S.REWORK),
        S.REPLIED,
        by(Actor.ENTERPRISE),
        guards.reply_is_complete,
        "the enterprise reported in writing what it did (2020 text, article not seen)",
    ),
    guarded(
        facts.ReworkFacts,
        S.REPLIED,
        S.REWORK,
        _OFFICER,
        guards.rework_has_ground,
        "the treatment breaks agreement or rules, or the user's account differs (old art. 22)",
    ),
    guarded(
        facts.ConsentFacts,
        S.REPLIED,
        S.MEDIATING,
        _OFFICER,
        guards.both_consent,
        "no settlement, and both parties agree to mediation (快递市场管理办法 art. 30)",
    ),
    guarded(
        facts.OpinionFacts,
        S.MEDIATING,
        S.MEDIATION_PROPOSED,
        _OFFICER,
        guards.opinion_is_written,
        "the bureau issued its opinion; the parties answer before their deadline",
    ),
    guarded(
        facts.MediationFacts,
        S.MEDIATION_PROPOSED,
        S.CLOSED,
        _OFFICER,
        closing_guards.mediation_ended,
        "both answered, or the deadline passed: mediated, or failed with the way to court shown",
    ),
    guarded(
        facts.MediationFacts,
        S.MEDIATING,
        S.CLOSED,
        _OFFICER,
        closing_guards.consent_was_withdrawn,
        "a party no longer consents: mediation fails before an opinion [P]",
    ),
    guarded(
        facts.MediationFacts,
        S.REPLIED,
        S.CLOSED,
        _OFFICER,
        closing_guards.consent_was_refused,
        "a party does not agree to mediation: it fails before it begins, with the way to court shown [P]",
    ),
    guarded(
        facts.ClosingFacts,
        S.REPLIED,
        S.CLOSED,
        _OFFICER,
        closing_guards.closing_is_due,
        "settled lawfully, the reply matches the user's account, the responsible unit is clear (2014 closing conditions)",
    ),
    *each(
        facts.UnansweredClosingFacts,
        (S.FORWARDED, S.REWORK),
        S.CLOSED,
        _OFFICER,
        closing_guards.enterprise_is_late,
        "the enterprise stays silent beyond its deadline: the user still gets an answer within 30 days [P, 邮政法 art. 65]",
    ),
    *each(
        facts.OtherProcedureFacts,
        OPEN,
        S.CLOSED,
        _OFFICER,
        closing_guards.other_procedure_is_named,
        "the matter entered litigation, arbitration or another procedure (2020 art. 9(4))",
    ),
    *each(
        facts.WithdrawalFacts,
        OPEN,
        S.WITHDRAWN,
        by(Actor.USER, Actor.HOTLINE, Actor.REVIEWER),
        guards.user_wishes_it,
        "the user takes the complaint back",
    ),
    *each(
        facts.TransferFacts,
        OPEN,
        S.TRANSFERRED,
        _OFFICER,
        guards.other_office_is_named,
        "another office is competent (12315, 110, market supervision) [P after 66号文]",
    ),
    *each(
        facts.MergeFacts,
        OPEN,
        S.MERGED,
        by(Actor.WORKER, Actor.REVIEWER),
        guards.merge_is_founded,
        "repeated demands are handled as one (66号文: 重复诉求原则上并单处理)",
    ),
    *(
        guarded(
            facts.UnmergeFacts,
            S.MERGED,
            status,
            _OFFICER,
            guards.stood_there_before_merging,
            "the merge was wrong: the case stands where it stood",
        )
        for status in OPEN
    ),
    guarded(
        facts.ReopeningFacts,
        S.REFUSED,
        S.RECEIVED,
        _SUPERVISOR,
        guards.reopening_is_reasoned,
        "a supervisor finds that the refusal does not hold",
    ),
    guarded(
        facts.ReopeningFacts,
        S.CLOSED,
        S.REPLIED,
        _SUPERVISOR,
        guards.there_was_a_reply,
        "a supervisor reopens: the enterprise's reply is verified again",
    ),
    guarded(
        facts.ReopeningFacts,
        S.CLOSED,
        S.ACCEPTED,
        _SUPERVISOR,
        guards.there_was_no_reply,
        "a supervisor reopens a case that was closed without a reply: it is forwarded again",
    ),
    guarded(
        facts.RedoFacts,
        S.CLOSED,
        S.REWORK,
        by(Actor.HOTLINE),
        guards.not_redone_before,
        "the hotline's user is not satisfied: the enterprise answers again, once (rulebook 11.3)",
    ),
)

CONSUMER_COMPLAINTS = StateTable(
    moves=_MOVES,
    deadlines=MappingProxyType(
        {
            Status.RECEIVED: DeadlineKind.ACCEPTANCE,
            Status.AWAITING_SUPPLEMENT: DeadlineKind.SUPPLEMENT,
            Status.ACCEPTED: DeadlineKind.FORWARD,
            Status.FORWARDED: DeadlineKind.ENTERPRISE_REPLY,
            Status.REPLIED: DeadlineKind.RETURN_VISIT,
            Status.REWORK: DeadlineKind.REWORK_REPLY,
            Status.MEDIATING: DeadlineKind.MEDIATION,
            Status.MEDIATION_PROPOSED: DeadlineKind.MEDIATION_ANSWER,
        }
    ),
    awaiting_officer=MappingProxyType(
        {
            EventKind.WAITS_FOR_OFFICER: _OPEN,
            EventKind.REPLIED: _OPEN,
            EventKind.RELEASED: _OPEN,
            EventKind.REASSIGNED: _OPEN,
            # a case without a reply is forwarded again by the machine
            EventKind.REOPENED: _OPEN - {S.ACCEPTED},
            # the user or the enterprise has the next step
            EventKind.UNMERGED: _OPEN - {S.AWAITING_SUPPLEMENT, S.FORWARDED, S.REWORK},
        }
    ),
)
