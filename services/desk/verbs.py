"""Every verb of the desk: its form, its step, and which bureau may do it. The API and the bulk actions read this table."""

from collections.abc import Mapping
from types import MappingProxyType

from services.casework import forms
from services.casework import remedies as ledger
from services.casework.session import Who
from services.casework.steps import Act
from services.casework.visits import Visit
from services.desk import (
    admission,
    assignment,
    claims,
    closing,
    deadlines,
    failing_link,
    forwarding,
    mediation,
    merging,
    notes,
    remedies,
    review,
    visits,
)
from services.evidence import sharing
from services.evidence.sharing import ShareEvidence
from services.hotline import forms as hotline_forms
from services.hotline import officer_steps as hotline

_HANDLER, _EITHER, _SUPERIOR = Who.HANDLER, Who.EITHER, Who.SUPERIOR

ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "claim": Act(forms.Claim, claims.claim, _HANDLER, "Take the case for oneself", claims=False),
        "release": Act(forms.Reason, claims.release, _HANDLER, "Give the case back to the bureau", claims=False),
        "accept": Act(forms.Accept, admission.accept, _HANDLER, "Take the case up (受理)"),
        "refuse": Act(forms.Refuse, admission.refuse, _HANDLER, "Do not take the case up (不予受理)"),
        "ask-supplement": Act(forms.AskSupplement, admission.ask_supplement, _HANDLER, "Ask the user for what is missing"),
        "supplement": Act(forms.Supplement, admission.supplement, _HANDLER, "Record what the user supplied"),
        "forward": Act(forms.Forward, forwarding.forward, _HANDLER, "Hand the case on to the enterprise (转办)"),
        "follow-up": Act(forms.FollowUp, notes.follow_up, _HANDLER, "Ask the enterprise something more"),
        "rework": Act(forms.Rework, forwarding.rework, _HANDLER, "Send the reply back (退回重办)"),
        "mediate": Act(forms.Mediate, mediation.mediate, _HANDLER, "Begin a mediation (调解)"),
        "propose": Act(forms.Propose, mediation.propose, _HANDLER, "Issue the mediation opinion"),
        "answer": Act(forms.Answer, mediation.answer, _HANDLER, "Record a party's answer to the opinion"),
        "conclude": Act(forms.Conclude, mediation.conclude, _HANDLER, "End a mediation"),
        "close": Act(forms.Close, closing.close, _HANDLER, "Close a verified case (结案)"),
        "close-unanswered": Act(
            forms.CloseUnanswered, closing.close_unanswered, _HANDLER, "Close without the enterprise's reply"
        ),
        "close-elsewhere": Act(
            forms.CloseElsewhere, closing.close_elsewhere, _HANDLER, "Close for another procedure"
        ),
        "visit": Act(Visit, visits.visit, _HANDLER, "Record a return visit (回访)"),
        "remedy": Act(ledger.Remedy, remedies.remedy, _HANDLER, "Enter what the user got"),
        "counter-remedy": Act(ledger.Counter, remedies.counter_remedy, _HANDLER, "Counter a wrong entry"),
        "decide-link": Act(forms.DecideLink, failing_link.decide_link, _HANDLER, "Decide which link failed"),
        "note": Act(forms.Note, notes.note, _EITHER, "Add a note to the file", claims=False),
        "share-evidence": Act(
            ShareEvidence, sharing.share, _EITHER, "Let the enterprise see a file", claims=False
        ),
        "pause": Act(forms.Pause, deadlines.pause, _HANDLER, "Let an internal limit stand still"),
        "resume": Act(forms.Resume, deadlines.resume, _HANDLER, "Let a limit run on"),
        "reassign": Act(forms.Reassign, assignment.reassign, _EITHER, "Send the case to another bureau"),
        "level": Act(forms.ChangeLevel, assignment.change_level, _EITHER, "Raise or lower the level", claims=False),
        "merge": Act(forms.Merge, merging.merge, _HANDLER, "Handle the case with another one (并案)"),
        "unmerge": Act(forms.Reason, merging.unmerge, _EITHER, "Undo a merge", claims=False),
        "dismiss-duplicate": Act(
            forms.DismissDuplicate, merging.dismiss, _HANDLER, "Say that a proposed duplicate is none"
        ),
        "withdraw": Act(forms.Reason, admission.withdraw, _HANDLER, "Take the complaint back at the user's wish"),
        "transfer": Act(forms.Transfer, admission.transfer, _HANDLER, "Hand the case to another office"),
        "reopen": Act(forms.Reason, review.reopen, _EITHER, "Reopen a closed or refused case", claims=False),
        "overturn": Act(forms.Overturn, review.overturn, _SUPERIOR, "Change the finding of a closed case"),
        "hotline-sign": Act(
            hotline_forms.SignOrders, hotline.sign, _HANDLER, "Sign for the hotline's orders (签收)", claims=False
        ),
        "hotline-return": Act(
            hotline_forms.ReturnOrder, hotline.send_back, _HANDLER, "Send an order back to the hotline (退单)"
        ),
        "hotline-extension": Act(
            hotline_forms.AskExtension, hotline.ask_extension, _HANDLER, "Ask the hotline for more time (延期)"
        ),
        "hotline-interim": Act(
            hotline_forms.InterimAnswer, hotline.answer_meanwhile, _HANDLER, "Answer the hotline in the meantime"
        ),
    }
)  # fmt: skip
