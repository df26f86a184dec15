"""The verb of the return visit (回访)."""

from typing import Any

from services.cases import stored_deadlines
from services.cases.changes import Happening
from services.casework import visits
from services.casework.steps import Acting, Done, _open, change
from services.rules.deadlines import schedule
from shared.vocabulary import Clock


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
        starts.append(schedule.start(Clock.SECOND_CALL, act.case.moment, act.timetable, act.rules))
    return Done([change(act, happening, stops=stops, starts=starts, columns=columns)], told={"visit": seq})


async def _is_running(act: Acting, key: Clock) -> bool:
    return any(
        one.key == key for one in await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    )
