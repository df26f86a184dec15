"""Working a case without moving it: claims, notes and reports, questions to the enterprise, visits, money, pauses."""

from typing import Any

from services.cases import running
from services.cases.changing import Happening
from services.handling import forms, officers
from services.handling.acting import Acting, ClaimedByAnotherError, Done, change, check_past
from services.handling.officers import UnknownOfficerError
from services.remedies import ledger
from services.rules import clocks
from services.rules.clocks import UNMOVABLE, Started
from services.visits import record as visits
from shared.errors import ConflictError, FieldError, InvalidInputError
from shared.vocabulary import ENDED, Clock, Level, Status


class ClockError(ConflictError):
    """The limit does not run, does not stand still, or is one that nobody moves."""

    code = "clock-not-movable"
    title = "The limit cannot be moved like this"


class NotOpenError(ConflictError):
    """The case has ended: nobody works it any more."""

    code = "case-not-open"
    title = "The case has ended"


def _open(act: Acting) -> None:
    if Status(act.case.status) in ENDED:
        raise NotOpenError(f"The case is {act.case.status}; a supervisor may reopen it.")


def _goes_on(act: Acting) -> None:
    if act.case.status == Status.MERGED:
        raise NotOpenError("The case was merged: money is entered for the one that goes on.")


async def claim(act: Acting, form: forms.Claim) -> Done:
    """Take the case for oneself; a supervisor may give it to another officer of the bureau."""
    _open(act)
    by = act.desk.by
    if form.officer is not None and form.officer != act.desk.officer.id:
        if not act.desk.officer.is_supervisor:
            raise UnknownOfficerError(
                "A supervisor gives cases to others; leave `officer` out to take it yourself."
            )
        other = await officers.find(act.connection, act.desk.bureau.code, form.officer)
        by = f"{act.desk.bureau.code}/{other.id}"
    if act.case.claimed_by == by:
        return Done([])
    if act.case.claimed_by is not None and not act.desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{act.case.claimed_by} works this case; a supervisor may give it to somebody else."
        )
    happening = Happening("CLAIMED", {"by": by, "from": act.case.claimed_by})
    columns = {"claimed_by": by, "claimed_at": act.case.moment}
    return Done([change(act, happening, stops=[Clock.CLAIM], columns=columns)])


async def release(act: Acting, form: forms.Reason) -> Done:
    """Give the case back to the bureau; that somebody claims it is a limit again."""
    _open(act)
    if act.case.claimed_by is None:
        return Done([])
    if act.case.claimed_by != act.desk.by and not act.desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{act.case.claimed_by} works this case, and gives it back; so may a supervisor."
        )
    waits = clocks.start(Clock.CLAIM, act.case.moment, act.timetable, act.rules)
    happening = Happening("RELEASED", {"from": act.case.claimed_by}, {"reason": form.reason})
    return Done([change(act, happening, starts=[waits], columns={"claimed_by": None, "claimed_at": None})])


async def note(act: Acting, form: forms.Note) -> Done:
    """Add to the file. A report of progress starts the time to the next one; a contact with the user is the first."""
    happening = Happening("NOTE", {"progress": form.progress, "contact": form.contact}, {"note": form.note})
    stops: list[Clock] = []
    starts: list[Started | None] = []
    columns: dict[str, Any] = {}
    if form.progress and Status(act.case.status) not in ENDED:
        rule = clocks.target_rule(Clock.PROGRESS_REPORT, Level(act.case.level))
        stops.append(Clock.PROGRESS_REPORT)
        starts.append(
            clocks.start(Clock.PROGRESS_REPORT, act.case.moment, act.timetable, act.rules, rule=rule)
        )
    if form.contact:
        stops.append(Clock.FIRST_CONTACT)
        columns["contacted_at"] = act.case.contacted_at or act.case.moment
    return Done([change(act, happening, stops=stops, starts=starts, columns=columns)])


async def follow_up(act: Acting, form: forms.FollowUp) -> Done:
    """Ask the enterprise something more; it lies in its feed, and its limit runs on."""
    _open(act)
    if act.case.forwarded_at is None:
        raise NotOpenError("The case was not forwarded to an enterprise yet.")
    if form.answer_by is not None and form.answer_by <= act.case.moment:
        fault = FieldError("/answer_by", "in-the-past", "give a time that is still to come, or none")
        raise InvalidInputError("The enterprise cannot answer by then; see errors.", [fault])
    return Done(
        [change(act, Happening("FOLLOW_UP", {"answer_by": form.answer_by}, {"message": form.message}))]
    )


async def visit(act: Acting, form: visits.Visit) -> Done:
    """Record a return visit, reached or not, and who the user is satisfied with."""
    _open(act)
    seq = await visits.add(act.connection, act.case, form, by=act.desk.by, source=visits.DESK)
    told = form.model_dump(exclude={"note"}, exclude_none=True)
    happening = Happening("VISITED", {"visit": seq, **told}, {"note": form.note or ""})
    columns: dict[str, Any] = {}
    stops, starts = [], []
    if form.reached:
        stops += [Clock.FIRST_CONTACT, Clock.SECOND_CALL]
        columns["contacted_at"] = act.case.contacted_at or act.case.moment
        for name in ("satisfied_administration", "satisfied_enterprise"):
            if (value := getattr(form, name)) is not None:
                columns[name] = value
    elif await _is_running(act, Clock.SECOND_CALL):
        stops.append(Clock.SECOND_CALL)
    else:
        starts.append(clocks.start(Clock.SECOND_CALL, act.case.moment, act.timetable, act.rules))
    return Done([change(act, happening, stops=stops, starts=starts, columns=columns)], told={"visit": seq})


async def _is_running(act: Acting, key: Clock) -> bool:
    return any(one.key == key for one in await running.of_case(act.connection, act.case.bucket, act.case.id))


async def remedy(act: Acting, form: ledger.Remedy) -> Done:
    """Enter what the user got; also after the closing, for money may come late."""
    _goes_on(act)
    check_past("/paid_on", form.paid_on, act.case.moment)
    seq, total = await ledger.add(act.connection, act.case, form, by=act.desk.by)
    data = {"entry": seq, "kind": form.kind, "amount_fen": form.amount_fen, "recovered_fen": total}
    happening = Happening("REMEDY", data, {"note": form.note or ""})
    return Done(
        [change(act, happening, columns={"recovered_fen": total})],
        told={"entry": seq, "recovered_fen": total},
    )


async def counter_remedy(act: Acting, form: ledger.Counter) -> Done:
    """Counter a wrong entry of the ledger."""
    _goes_on(act)
    seq, total = await ledger.counter(act.connection, act.case, form, by=act.desk.by)
    data = {"entry": seq, "counters": form.entry, "recovered_fen": total}
    happening = Happening("REMEDY_COUNTERED", data, {"reason": form.reason})
    return Done(
        [change(act, happening, columns={"recovered_fen": total})],
        told={"entry": seq, "recovered_fen": total},
    )


async def pause(act: Acting, form: forms.Pause) -> Done:
    """Let an internal limit stand still on a legal basis. The statutory 30 days never do (邮政法 art. 65)."""
    _open(act)
    if form.clock in UNMOVABLE:
        raise ClockError("The statutory 30 days stand still for nobody (邮政法 art. 65).")
    limits = await running.of_case(act.connection, act.case.bucket, act.case.id)
    if any(one.key == form.clock and one.paused_at is not None for one in limits):
        raise ClockError(f"The limit {form.clock} stands still already; `resume` lets it run on.")
    if not await running.pause(act.connection, act.case, form.clock, form.basis, act.case.moment):
        raise ClockError(
            f"The limit {form.clock} does not run for this case, or has run out: late stays late."
        )
    happening = Happening("CLOCK_PAUSED", {"clock": form.clock, "basis": form.basis}, {"reason": form.reason})
    return Done([change(act, happening)])


async def resume(act: Acting, form: forms.Resume) -> Done:
    """Let a limit that stands still run on; the time between does not count."""
    limits = await running.of_case(act.connection, act.case.bucket, act.case.id)
    still = next((one for one in limits if one.key == form.clock and one.paused_at is not None), None)
    if still is None:
        raise ClockError(f"The limit {form.clock} does not stand still for this case.")
    await running.resume(act.connection, still, act.book, act.case.handling_bureau, act.case.moment)
    happening = Happening("CLOCK_RESUMED", {"clock": form.clock}, {"reason": form.reason})
    return Done([change(act, happening)])


async def decide_link(act: Acting, form: forms.DecideLink) -> Done:
    """Decide which link failed; only what an officer decided counts in the figures. After the closing: `overturn`."""
    _open(act)
    if form.region_code is not None and act.book.resolve_region(form.region_code) is None:
        fault = FieldError(
            "/region_code", "unknown-region", "no such division; GET /v1/reference/regions lists them"
        )
        raise InvalidInputError("The link cannot be placed there; see errors.", [fault])
    data = {"failing_link": form.failing_link, "region_code": form.region_code}
    happening = Happening("LINK_DECIDED", data, {"reason": form.reason or ""})
    return Done([change(act, happening, columns={"failing_link": form.failing_link})])
