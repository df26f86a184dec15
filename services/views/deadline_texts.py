"""The texts of deadlines, Chinese and English: how they are counted, on which basis, and which days do not count."""

from collections.abc import Mapping
from types import MappingProxyType

from services.rules.deadlines.counting import SkipReason
from services.views.language import Text

COUNTING = Text(
    "按北京时间整日计算，开始当日不计；期限至最后一日二十四时止，所示时刻为期满后的第一刻（《民法典》第二百零一条、第二百零三条）。"
    "工作时间以办理机构为准。",
    "Whole days of Asia/Shanghai, the start day not counted; a deadline ends at 24:00 of its last day, so the moment shown "
    "is the first at which it has passed (Civil Code arts 201, 203). Office hours are those of the handling bureau.",
)
ANSWER_BASIS = Text(
    "《邮政法》第六十五条：自接到申诉之日起三十日内作出答复",
    "Postal Law art. 65: the administration answers within 30 days of receipt",
)
SKIPPED: Mapping[SkipReason, Text] = MappingProxyType(
    {
        SkipReason.PAUSED: Text("期限中止", "the deadline is paused"),
        SkipReason.DAY_OF_REST: Text("休息日", "a day of rest"),
        SkipReason.ROLLED_ON: Text(
            "期满日为休息日，顺延", "the last day is a day of rest: the deadline moves on"
        ),
    }
)
FIXED_BY_HOTLINE = Text("热线随工单指定", "fixed by the hotline with its order")
RULE_NOT_LOADED = Text("该规则已不在现行参考数据中", "a rule that is no longer loaded")
