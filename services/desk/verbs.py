"""Every verb of the desk: its form, its step, and which bureau may do it. The API and the bulk actions read this table."""

from collections.abc import Mapping
from types import MappingProxyType

from services.casework import forms
from services.casework import remedies as ledger
from services.casework.session import AllowedBureau
from services.casework.steps import VerbSpec
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

_HANDLER, _EITHER, _SUPERIOR = AllowedBureau.HANDLER, AllowedBureau.EITHER, AllowedBureau.SUPERIOR

VERBS: Mapping[str, VerbSpec] = MappingProxyType(
    {
        "claim": VerbSpec(forms.Claim, claims.claim, _HANDLER, "Take the case for oneself", claims=False),
        "release": VerbSpec(
            forms.Reason, claims.release, _HANDLER, "Give the case back to the bureau", claims=False
        ),
        "accept": VerbSpec(forms.Accept, admission.accept, _HANDLER, "Take the case up (受理)"),
        "refuse": VerbSpec(forms.Refuse, admission.refuse, _HANDLER, "Do not take the case up (不予受理)"),
        "ask-supplement": VerbSpec(
            forms.AskSupplement, admission.ask_supplement, _HANDLER, "Ask the user for what is missing"
        ),
        "supplement": VerbSpec(
            forms.Supplement, admission.supplement, _HANDLER, "Record what the user supplied"
        ),
        "forward": VerbSpec(
            forms.Forward, forwarding.forward, _HANDLER, "Hand the case on to the enterprise (转办)"
        ),
        "follow-up": VerbSpec(forms.FollowUp, notes.follow_up, _HANDLER, "Ask the enterprise something more"),
        "rework": VerbSpec(forms.Rework, forwarding.rework, _HANDLER, "Send the reply back (退回重办)"),
        "mediate": VerbSpec(forms.Mediate, mediation.mediate, _HANDLER, "Begin a mediation (调解)"),
        "propose": VerbSpec(forms.Propose, mediation.propose, _HANDLER, "Issue the mediation opinion"),
        "answer": VerbSpec(
            forms.Answer, mediation.answer, _HANDLER, "Record a party's answer to the opinion"
        ),
        "conclude": VerbSpec(forms.Conclude, mediation.conclude, _HANDLER, "End a mediation"),
        "close": VerbSpec(forms.Close, closing.close, _HANDLER, "Close a verified case (结案)"),
        "close-unanswered": VerbSpec(
            forms.CloseUnanswered, closing.close_unanswered, _HANDLER, "Close without the enterprise's reply"
        ),
        "close-other-procedure": VerbSpec(
            forms.CloseOtherProcedure, closing.close_other_procedure, _HANDLER, "Close for another procedure"
        ),
        "visit": VerbSpec(Visit, visits.visit, _HANDLER, "Record a return visit (回访)"),
        "remedy": VerbSpec(ledger.Remedy, remedies.remedy, _HANDLER, "Enter what the user got"),
        "reverse-remedy": VerbSpec(
            ledger.ReverseRemedy, remedies.reverse_remedy, _HANDLER, "Counter a wrong entry"
        ),
        "set-failing-link": VerbSpec(
            forms.SetFailingLink, failing_link.set_failing_link, _HANDLER, "Decide which link failed"
        ),
        "note": VerbSpec(forms.Note, notes.note, _EITHER, "Add a note to the file", claims=False),
        "share-evidence": VerbSpec(
            ShareEvidence, sharing.share, _EITHER, "Let the enterprise see a file", claims=False
        ),
        "pause": VerbSpec(forms.Pause, deadlines.pause, _HANDLER, "Let an internal limit stand still"),
        "resume": VerbSpec(forms.Resume, deadlines.resume, _HANDLER, "Let a limit run on"),
        "reassign": VerbSpec(forms.Reassign, assignment.reassign, _EITHER, "Send the case to another bureau"),
        "level": VerbSpec(
            forms.ChangeLevel, assignment.change_level, _EITHER, "Raise or lower the level", claims=False
        ),
        "merge": VerbSpec(forms.Merge, merging.merge, _HANDLER, "Handle the case with another one (并案)"),
        "unmerge": VerbSpec(forms.Reason, merging.unmerge, _EITHER, "Undo a merge", claims=False),
        "dismiss-duplicate": VerbSpec(
            forms.DismissDuplicate, merging.dismiss, _HANDLER, "Say that a proposed duplicate is none"
        ),
        "withdraw": VerbSpec(
            forms.Reason, admission.withdraw, _HANDLER, "Take the complaint back at the user's wish"
        ),
        "transfer": VerbSpec(forms.Transfer, admission.transfer, _HANDLER, "Hand the case to another office"),
        "reopen": VerbSpec(
            forms.Reason, review.reopen, _EITHER, "Reopen a closed or refused case", claims=False
        ),
        "overturn": VerbSpec(
            forms.Overturn, review.overturn, _SUPERIOR, "Change the finding of a closed case"
        ),
        "hotline-sign": VerbSpec(
            hotline_forms.SignOrders,
            hotline.sign,
            _HANDLER,
            "Sign for the hotline's orders (签收)",
            claims=False,
        ),
        "hotline-return": VerbSpec(
            hotline_forms.ReturnOrder, hotline.send_back, _HANDLER, "Send an order back to the hotline (退单)"
        ),
        "hotline-extension": VerbSpec(
            hotline_forms.AskExtension,
            hotline.ask_extension,
            _HANDLER,
            "Ask the hotline for more time (延期)",
        ),
        "hotline-interim": VerbSpec(
            hotline_forms.InterimAnswer,
            hotline.answer_meanwhile,
            _HANDLER,
            "Answer the hotline in the meantime",
        ),
    }
)
