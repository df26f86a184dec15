"""Every verb of the desk: its form, its step, and which bureau may do it. The API and the bulk actions read this table."""

from collections.abc import Mapping
from types import MappingProxyType

from services.evidence import sharing
from services.evidence.sharing import ShareEvidence
from services.handling import (
    answering,
    assigning,
    deciding,
    forms,
    merging,
    reviewing,
    working,
)
from services.handling.acting import Act, Who
from services.hotline import desk as hotline
from services.hotline import forms as hotline_forms
from services.remedies import ledger
from services.visits.record import Visit

_HANDLER, _EITHER, _SUPERIOR = Who.HANDLER, Who.EITHER, Who.SUPERIOR

ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "claim": Act(forms.Claim, working.claim, _HANDLER, "Take the case for oneself", claims=False),
        "release": Act(forms.Reason, working.release, _HANDLER, "Give the case back to the bureau", claims=False),
        "accept": Act(forms.Accept, deciding.accept, _HANDLER, "Take the case up (受理)"),
        "refuse": Act(forms.Refuse, deciding.refuse, _HANDLER, "Do not take the case up (不予受理)"),
        "ask-supplement": Act(forms.AskSupplement, deciding.ask_supplement, _HANDLER, "Ask the user for what is missing"),
        "supplement": Act(forms.Supplement, deciding.supplement, _HANDLER, "Record what the user supplied"),
        "forward": Act(forms.Forward, deciding.forward, _HANDLER, "Hand the case on to the enterprise (转办)"),
        "follow-up": Act(forms.FollowUp, working.follow_up, _HANDLER, "Ask the enterprise something more"),
        "rework": Act(forms.Rework, answering.rework, _HANDLER, "Send the reply back (退回重办)"),
        "mediate": Act(forms.Mediate, answering.mediate, _HANDLER, "Begin a mediation (调解)"),
        "propose": Act(forms.Propose, answering.propose, _HANDLER, "Issue the mediation opinion"),
        "answer": Act(forms.Answer, answering.answer, _HANDLER, "Record a party's answer to the opinion"),
        "conclude": Act(forms.Conclude, answering.conclude, _HANDLER, "End a mediation"),
        "close": Act(forms.Close, answering.close, _HANDLER, "Close a verified case (结案)"),
        "close-unanswered": Act(
            forms.CloseUnanswered, answering.close_unanswered, _HANDLER, "Close without the enterprise's reply"
        ),
        "close-elsewhere": Act(
            forms.CloseElsewhere, answering.close_elsewhere, _HANDLER, "Close for another procedure"
        ),
        "visit": Act(Visit, working.visit, _HANDLER, "Record a return visit (回访)"),
        "remedy": Act(ledger.Remedy, working.remedy, _HANDLER, "Enter what the user got"),
        "counter-remedy": Act(ledger.Counter, working.counter_remedy, _HANDLER, "Counter a wrong entry"),
        "decide-link": Act(forms.DecideLink, working.decide_link, _HANDLER, "Decide which link failed"),
        "note": Act(forms.Note, working.note, _EITHER, "Add a note to the file", claims=False),
        "share-evidence": Act(
            ShareEvidence, sharing.share, _EITHER, "Let the enterprise see a file", claims=False
        ),
        "pause": Act(forms.Pause, working.pause, _HANDLER, "Let an internal limit stand still"),
        "resume": Act(forms.Resume, working.resume, _HANDLER, "Let a limit run on"),
        "reassign": Act(forms.Reassign, assigning.reassign, _EITHER, "Send the case to another bureau"),
        "level": Act(forms.ChangeLevel, assigning.change_level, _EITHER, "Raise or lower the level", claims=False),
        "merge": Act(forms.Merge, merging.merge, _HANDLER, "Handle the case with another one (并案)"),
        "unmerge": Act(forms.Reason, merging.unmerge, _EITHER, "Undo a merge", claims=False),
        "dismiss-duplicate": Act(
            forms.DismissDuplicate, merging.dismiss, _HANDLER, "Say that a proposed duplicate is none"
        ),
        "withdraw": Act(forms.Reason, deciding.withdraw, _HANDLER, "Take the complaint back at the user's wish"),
        "transfer": Act(forms.Transfer, deciding.transfer, _HANDLER, "Hand the case to another office"),
        "reopen": Act(forms.Reason, reviewing.reopen, _EITHER, "Reopen a closed or refused case", claims=False),
        "overturn": Act(forms.Overturn, reviewing.overturn, _SUPERIOR, "Change the finding of a closed case"),
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
