"""Forms of the desk's verbs. Texts are sealed; codes are not, and name no person."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.fields import Code, Day, Form, LongWords, Moment, Reference, RegionCode, SealedText, text
from shared import text_forms
from shared.vocabulary import (
    CloseReason,
    DeadlineKind,
    EnterpriseOutcome,
    FailingLink,
    Level,
    MissingItem,
    OtherProcedure,
    PauseBasis,
    RefusalGround,
    Responsibility,
    ReworkGround,
)

Number = Annotated[str, Field(pattern=text_forms.CASE_NUMBER.pattern, description="Public number of a case.")]
OfficerId = Annotated[str, Field(pattern=text_forms.OFFICER_ID.pattern)]
Unit = Annotated[str, text(100)]


class Nothing(Form):
    """The act says all there is to say."""


class Reason(Form):
    """Why it is done."""

    reason: SealedText


class Accept(Form):
    """Accept the case (受理)."""

    forward: bool = Field(default=True, description="Let the machine forward it at once.")
    note: SealedText | None = None


class Refuse(Form):
    """Refuse the case (不予受理): ground, legal basis, and the reason for the user."""

    ground: RefusalGround
    legal_basis: Annotated[str, text(300)]
    reason: SealedText = Field(description="The text for the user.")
    informed_by: Literal["PHONE", "SMS", "LETTER", "WEB", "HOTLINE"] | None = None


class RequestSupplement(Form):
    """Ask the user for what is missing (补正)."""

    items: Annotated[list[MissingItem], Field(min_length=1, max_length=len(MissingItem))] = Field(
        description="What is missing."
    )
    message: SealedText = Field(description="What the user is asked, in words.")


class EnterpriseFirst(Form):
    """The outcome of the complaint to the enterprise."""

    outcome: EnterpriseOutcome
    complained_on: Day | None = None


class Supplement(Form):
    """What the user supplied, by whatever way; only what is given changes the case."""

    message: LongWords | None = Field(default=None, description="What the user says, in words.")
    request: SealedText | None = Field(default=None, description="What the complainant asks for.")
    waybill: Annotated[str, text(60)] | None = None
    mailed_on: Day | None = None
    enterprise_complaint: EnterpriseFirst | None = None
    authorisation_ref: Reference | None = None
    other_procedure: OtherProcedure | None = None

    @model_validator(mode="after")
    def _adds_something(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise PydanticCustomError(
                "nothing-to-add", "there is nothing to add: send at least one field, such as `message`"
            )
        return self


class Forward(Form):
    """Forward the case to the enterprise (转办), or to the right one."""

    carrier_code: Code | None = Field(
        default=None, description="The respondent, where it is not the one the user named."
    )
    outlet: Reference | None = Field(default=None, description="The outlet that is complained about.")
    instruction: SealedText | None = Field(
        default=None, description="What the enterprise is asked to look into."
    )


class FollowUp(Form):
    """Ask the enterprise a further question, while it works on its answer."""

    message: SealedText
    answer_by: Moment | None = None


class Rework(Form):
    """Return the reply for rework (退回重办)."""

    ground: ReworkGround
    reason: SealedText = Field(description="What the enterprise has to put right.")
    untruthful: bool = Field(default=False, description="The reply was found untruthful (答复不属实).")


class Consent(Form):
    """A party's consent to mediation: when and how it was given."""

    consented_at: Moment
    means: Literal["PHONE", "WRITTEN", "SYSTEM"]


class Mediate(Form):
    """Begin a mediation (调解); both parties agree."""

    user_consent: Consent
    enterprise_consent: Consent


class Propose(Form):
    """Issue the mediation opinion (调解意见)."""

    opinion: LongWords


class OpinionAnswer(Form):
    """A party's answer to the opinion."""

    party: Literal["USER", "ENTERPRISE"]
    accepts: bool
    note: SealedText | None = None


class FindingForm(Form):
    """What the case came to: whose responsibility, which unit, which link of the chain."""

    responsibility: Responsibility
    responsible_unit: Unit | None = Field(
        default=None, description="The enterprise's unit, where it is responsible."
    )
    failing_link: FailingLink | None = Field(
        default=None, description="The link that failed; the officer decides."
    )


class Close(FindingForm):
    """Close a verified case (结案)."""

    close_reason: CloseReason
    settlement_lawful: bool = Field(
        default=False, description="The settlement follows agreement and rules; the officer answers for it."
    )
    answer: LongWords = Field(description="The text for the user.")
    untruthful: bool = False
    suspected_violation: bool = Field(
        default=False,
        description="The case shows a suspected violation and must be investigated (办法 art. 42).",
    )


class Conclude(FindingForm):
    """End a mediation: mediated, or failed."""

    close_reason: CloseReason
    consent_withdrawn: Literal["USER", "ENTERPRISE"] | None = Field(
        default=None, description="The party that does not consent to mediation, or no longer does."
    )
    answer: LongWords = Field(description="The text for the user; after a failure, with the way to court.")


class CloseUnanswered(FindingForm):
    """Close without a reply: the enterprise stays silent beyond its deadline."""

    close_reason: CloseReason
    answer: LongWords


class CloseOtherProcedure(Form):
    """Close because another procedure holds the matter."""

    procedure: OtherProcedure
    answer: LongWords


class Transfer(Form):
    """Transfer the case to another office (转其他部门)."""

    office: Annotated[str, text(100)]
    reason: SealedText


class Reassign(Form):
    """Reassign the case to another bureau (改派), or to a superior (退单)."""

    bureau: Code
    reason: SealedText


class ChangeLevel(Form):
    """Raise the level, or lower it: lowering needs a supervisor and a reason."""

    level: Level
    reason: SealedText


class Merge(Form):
    """Merge the case into another one (并案): a pointer, which can be undone."""

    into: Number
    reason: SealedText | None = None


class DismissDuplicate(Form):
    """Dismiss a proposed duplicate."""

    other: Number
    reason: SealedText


class Note(Form):
    """A note for the file; `progress`: it is the report that the level asks for; `contact`: the user was spoken to."""

    note: LongWords
    progress: bool = False
    contact: bool = False


class PauseDeadline(Form):
    """Pause an internal deadline, on a legal basis."""

    deadline: DeadlineKind
    basis: PauseBasis
    reason: SealedText


class ResumeDeadline(Form):
    """Resume a paused deadline."""

    deadline: DeadlineKind
    reason: SealedText


class Claim(Form):
    """Claim the case, for oneself or, as a supervisor, for another officer."""

    officer: OfficerId | None = None


class SetFailingLink(Form):
    """Set the link of the enterprise's chain that failed; the inference from the scans only proposes."""

    failing_link: FailingLink
    region_code: RegionCode | None = None
    reason: SealedText | None = None


class Overturn(FindingForm):
    """Change the finding of a closed case (推翻): for a superior bureau, with the reason."""

    reason: LongWords
