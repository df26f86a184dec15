"""Verbs of the desk, one row each: form, step, allowed bureau, operation, answer. The API and bulk actions read it."""

from collections.abc import Mapping
from types import MappingProxyType

from services.casework import forms
from services.casework import remedies as ledger
from services.casework.answers import CaseWithRemedy, MergedCase, ReassignedCase, ReviewedCase, VisitedCase
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
        "claim": VerbSpec(
            forms.Claim, claims.claim, _HANDLER, "claimCase", "Claim the case for an officer", claims=False
        ),
        "release": VerbSpec(
            forms.Reason,
            claims.release,
            _HANDLER,
            "releaseCase",
            "Release the case to the bureau",
            claims=False,
        ),
        "accept": VerbSpec(forms.Accept, admission.accept, _HANDLER, "acceptCase", "Accept the case (受理)"),
        "refuse": VerbSpec(
            forms.Refuse, admission.refuse, _HANDLER, "refuseCase", "Refuse the case (不予受理)"
        ),
        "request-supplement": VerbSpec(
            forms.RequestSupplement,
            admission.request_supplement,
            _HANDLER,
            "requestSupplement",
            "Ask the user for what is missing (补正)",
        ),
        "supplement": VerbSpec(
            forms.Supplement,
            admission.supplement,
            _HANDLER,
            "supplementCase",
            "Record what the user supplied",
        ),
        "forward": VerbSpec(
            forms.Forward,
            forwarding.forward,
            _HANDLER,
            "forwardCase",
            "Forward the case to the enterprise (转办)",
        ),
        "follow-up": VerbSpec(
            forms.FollowUp,
            notes.follow_up,
            _HANDLER,
            "askEnterprise",
            "Ask the enterprise a further question",
        ),
        "rework": VerbSpec(
            forms.Rework, forwarding.rework, _HANDLER, "returnReply", "Return the reply for rework (退回重办)"
        ),
        "mediate": VerbSpec(
            forms.Mediate, mediation.mediate, _HANDLER, "mediateCase", "Begin a mediation (调解)"
        ),
        "propose": VerbSpec(
            forms.Propose,
            mediation.propose,
            _HANDLER,
            "proposeSettlement",
            "Issue the mediation opinion (调解意见)",
        ),
        "answer": VerbSpec(
            forms.OpinionAnswer,
            mediation.answer,
            _HANDLER,
            "recordAnswer",
            "Record a party's answer to the opinion",
        ),
        "conclude": VerbSpec(
            forms.Conclude, mediation.conclude, _HANDLER, "concludeMediation", "Conclude a mediation"
        ),
        "close": VerbSpec(forms.Close, closing.close, _HANDLER, "closeCase", "Close a verified case (结案)"),
        "close-unanswered": VerbSpec(
            forms.CloseUnanswered,
            closing.close_unanswered,
            _HANDLER,
            "closeUnansweredCase",
            "Close without the enterprise's reply",
        ),
        "close-other-procedure": VerbSpec(
            forms.CloseOtherProcedure,
            closing.close_other_procedure,
            _HANDLER,
            "closeForOtherProcedure",
            "Close because of another procedure",
        ),
        "visit": VerbSpec(
            Visit, visits.visit, _HANDLER, "recordVisit", "Record a return visit (回访)", answer=VisitedCase
        ),
        "remedy": VerbSpec(
            ledger.Remedy,
            remedies.remedy,
            _HANDLER,
            "recordRemedy",
            "Record a remedy in the ledger",
            answer=CaseWithRemedy,
        ),
        "reverse-remedy": VerbSpec(
            ledger.ReverseRemedy,
            remedies.reverse_remedy,
            _HANDLER,
            "reverseRemedy",
            "Reverse a wrong entry of the ledger",
            answer=CaseWithRemedy,
        ),
        "set-failing-link": VerbSpec(
            forms.SetFailingLink,
            failing_link.set_failing_link,
            _HANDLER,
            "setFailingLink",
            "Set the link that failed",
        ),
        "note": VerbSpec(forms.Note, notes.note, _EITHER, "addNote", "Add a note to the file", claims=False),
        "share-evidence": VerbSpec(
            ShareEvidence,
            sharing.share,
            _EITHER,
            "shareEvidence",
            "Share a file with the enterprise",
            claims=False,
        ),
        "pause": VerbSpec(
            forms.PauseDeadline, deadlines.pause, _HANDLER, "pauseDeadline", "Pause an internal deadline"
        ),
        "resume": VerbSpec(
            forms.ResumeDeadline, deadlines.resume, _HANDLER, "resumeDeadline", "Resume a paused deadline"
        ),
        "reassign": VerbSpec(
            forms.Reassign,
            assignment.reassign,
            _EITHER,
            "reassignCase",
            "Reassign the case to another bureau (改派)",
            answer=ReassignedCase,
        ),
        "level": VerbSpec(
            forms.ChangeLevel,
            assignment.change_level,
            _EITHER,
            "changeLevel",
            "Raise or lower the level",
            claims=False,
        ),
        "merge": VerbSpec(
            forms.Merge,
            merging.merge,
            _HANDLER,
            "mergeCase",
            "Merge the case into another one (并案)",
            answer=MergedCase,
        ),
        "unmerge": VerbSpec(
            forms.Reason, merging.unmerge, _EITHER, "unmergeCase", "Undo a merge", claims=False
        ),
        "dismiss-duplicate": VerbSpec(
            forms.DismissDuplicate,
            merging.dismiss,
            _HANDLER,
            "dismissDuplicate",
            "Dismiss a proposed duplicate",
        ),
        "withdraw": VerbSpec(
            forms.Reason,
            admission.withdraw,
            _HANDLER,
            "withdrawCase",
            "Withdraw the case at the user's request",
        ),
        "transfer": VerbSpec(
            forms.Transfer,
            admission.transfer,
            _HANDLER,
            "transferCase",
            "Transfer the case to another office",
        ),
        "reopen": VerbSpec(
            forms.Reason,
            review.reopen,
            _EITHER,
            "reopenCase",
            "Reopen a closed or refused case",
            claims=False,
        ),
        "overturn": VerbSpec(
            forms.Overturn,
            review.overturn,
            _SUPERIOR,
            "overturnFinding",
            "Overturn the finding of a closed case (推翻)",
            answer=ReviewedCase,
        ),
        "hotline-sign": VerbSpec(
            hotline_forms.SignOrders,
            hotline.sign,
            _HANDLER,
            "signOrders",
            "Sign for the hotline's orders (签收)",
            claims=False,
        ),
        "hotline-return": VerbSpec(
            hotline_forms.ReturnOrder,
            hotline.send_back,
            _HANDLER,
            "returnOrder",
            "Return an order to the hotline (退单)",
        ),
        "hotline-extension": VerbSpec(
            hotline_forms.AskExtension,
            hotline.ask_extension,
            _HANDLER,
            "requestExtension",
            "Ask the hotline for more time (延期)",
        ),
        "hotline-interim": VerbSpec(
            hotline_forms.InterimAnswer,
            hotline.answer_meanwhile,
            _HANDLER,
            "answerOrders",
            "Give the hotline an interim answer (阶段性答复)",
        ),
    }
)
