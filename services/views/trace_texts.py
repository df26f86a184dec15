"""The texts of a proposed failing link, Chinese and English: reasons of its rules, and states of an item.

Wording is the project's own [P]; the codes of the enterprises' scans have their official names in `services.rules.tracking`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from services.rules.failing_link.codes import LinkCode
from services.rules.tracking import TraceState
from services.views.language import Text

LINKS: Mapping[LinkCode, Text] = MappingProxyType(
    {
        LinkCode.MISSORTED: Text("企业扫描记录为错分件", "the enterprise's own scan records wrong sorting"),
        LinkCode.LONG_GAP: Text(
            "从“{state}”到下一扫描“{next_state}”历时{hours}小时，通常为{usual}小时",
            "{hours} hours from the scan '{state}' to the next one, '{next_state}'; usual are {usual} hours",
        ),
        LinkCode.LONG_OPEN_GAP: Text(
            "“{state}”后至今{hours}小时无后续扫描，通常为{usual}小时",
            "{hours} hours since the scan '{state}', without a further one; usual are {usual} hours",
        ),
        LinkCode.NOT_MOVING: Text(
            "最后状态为“{state}”，尚未投递", "the last scan is '{state}'; the item is not delivered"
        ),
        LinkCode.SILENT_AFTER: Text("“{state}”后轨迹中断", "the trace breaks off after the scan '{state}'"),
        LinkCode.SILENT_FOR: Text(
            "“{state}”后轨迹中断{hours}小时，通常为{usual}小时",
            "the trace broke off after the scan '{state}', {hours} hours ago; usual are {usual} hours",
        ),
        LinkCode.SIGNED_BUT_MISSING: Text(
            "扫描记录为已签收（{state}），用户称未收到",
            "the scans record a signature ({state}), and the user says that the item is lost",
        ),
        LinkCode.DAMAGED_AFTER: Text("“{state}”后扫描到破损", "damage was scanned after '{state}'"),
        LinkCode.AT_STATION: Text("快件被放入该处（{state}）", "the item was put there ({state})"),
        LinkCode.SIGNATURE_DISPUTED: Text(
            "用户对签收有争议（{state}）", "the user disputes the signature ({state})"
        ),
        LinkCode.DELIVERY_REACHED: Text(
            "快件已到派送环节（{state}）", "the item reached the delivery ({state})"
        ),
        LinkCode.COLLECTED: Text("快件在该处揽收（{state}）", "the item was collected there ({state})"),
        LinkCode.COMPENSATION_DISPUTED: Text(
            "快件运输已结束（{state}），争议在于赔偿",
            "the way of the item ended ({state}); the compensation is disputed",
        ),
        LinkCode.NOT_THIS_ISSUE: Text("非此类问题", "the rule is not for this issue"),
        LinkCode.NOT_MISSORTED: Text("无错分记录", "no scan records wrong sorting"),
        LinkCode.NO_STAGE_NAMED: Text("未指明环节", "the issue names no stage"),
        LinkCode.STAGE_IN_TIME: Text("该环节无超时", "nothing took too long in the stage that is named"),
        LinkCode.NO_LONG_GAP: Text("无超时间隔", "nothing took longer than is usual"),
        LinkCode.NOT_UNDER_WAY: Text("快件不在途", "the item is not under way"),
        LinkCode.NOT_SILENT: Text("轨迹未中断", "the trace does not break off within the chain"),
        LinkCode.NOT_SIGNED: Text("无签收记录", "no scan records a signature"),
        LinkCode.CONTENTS_SHORT: Text(
            "内件短少：扫描仅反映快件，不反映内件", "contents are missing: scans show items, not contents"
        ),
        LinkCode.ONLY_COMPENSATION: Text(
            "争议在于赔偿，非签收", "the compensation is disputed, not the signature"
        ),
        LinkCode.NO_DAMAGE_SCAN: Text("无破损记录", "no scan records damage"),
        LinkCode.DAMAGED_OUTSIDE_CHAIN: Text(
            "扫描到破损时快件不在任何环节", "no link of the chain had the item when damage was scanned"
        ),
        LinkCode.NOT_ABOUT_STATION: Text("非驿站、快递柜问题", "the matter is not about a locker or station"),
        LinkCode.LEFT_STATION: Text("快件已离开驿站、快递柜", "the item went on from the locker or station"),
        LinkCode.SIGNATURE_UNDISPUTED: Text("签收无争议", "the signature is not disputed"),
        LinkCode.DELIVERY_NOT_REACHED: Text("轨迹未到派送环节", "the scans do not reach the delivery"),
        LinkCode.NOT_COLLECTED: Text("无揽收记录", "no scan records the collection"),
        LinkCode.NOT_ABOUT_COMPENSATION: Text("非仅赔偿争议", "the matter is not about compensation alone"),
        LinkCode.RULE_FAILED: Text(
            "规则执行出错（{error}），已跳过", "the rule failed ({error}) and was passed over"
        ),
    }
)
_T = TraceState
STATES: Mapping[TraceState, Text] = MappingProxyType(
    {
        _T.UNKNOWN: Text("未知", "unknown"),
        _T.NONE: Text("无轨迹", "no trace"),
        _T.AWAITING_COLLECTION: Text("待揽收", "awaiting collection"),
        _T.COLLECTED: Text("已揽收", "collected"),
        _T.DISPATCHED: Text("已发出", "dispatched"),
        _T.AT_SORTING: Text("在分拣中心", "at a sorting centre"),
        _T.IN_TRANSIT: Text("运输中", "in transit"),
        _T.AT_DESTINATION: Text("到达目的地", "at the destination"),
        _T.AT_OUTLET: Text("到达派送网点", "at the delivering outlet"),
        _T.OUT_FOR_DELIVERY: Text("派送中", "out for delivery"),
        _T.IN_LOCKER_OR_STATION: Text("在快递柜或驿站", "in a locker or station"),
        _T.TAKEN_FROM_STATION: Text("从快递柜或驿站取出", "taken from a locker or station"),
        _T.SIGNED: Text("已签收", "signed for"),
        _T.SIGNED_BY_OTHER: Text("他人代签收", "signed for by another person"),
        _T.SIGNED_AT_STATION: Text("快递柜或驿站签收", "signed for at a locker or station"),
        _T.EXCEPTION: Text("异常", "exception"),
        _T.EXCEPTION_SILENT: Text("长时间无轨迹", "no scan for long"),
        _T.EXCEPTION_HELD: Text("滞留", "delayed"),
        _T.EXCEPTION_MISSORTED: Text("错分", "sorted wrongly"),
        _T.EXCEPTION_DAMAGED: Text("破损", "damaged"),
        _T.EXCEPTION_DELIVERY: Text("派送异常", "exception at delivery"),
        _T.EXCEPTION_ADDRESSEE: Text("收件人异常", "exception with the addressee"),
        _T.EXCEPTION_NOT_PICKED_UP: Text("未取件", "not picked up"),
        _T.EXCEPTION_REFUSED: Text("拒收", "refused by the addressee"),
        _T.EXCEPTION_INTERCEPTED: Text("已拦截", "intercepted"),
        _T.CANCELLED: Text("已取消", "cancelled"),
        _T.RETURNING: Text("退回中", "on the way back"),
        _T.RETURNED: Text("已退回", "returned"),
        _T.FORWARDED_ELSEWHERE: Text("已转寄", "forwarded elsewhere"),
        _T.CUSTOMS: Text("清关中", "at customs"),
        _T.CUSTOMS_CLEARED: Text("已清关", "cleared by customs"),
        _T.EXCEPTION_CUSTOMS: Text("清关异常", "exception at customs"),
    }
)
