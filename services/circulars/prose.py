"""The circular's opening paragraph, in the words that the administration publishes it with."""

from typing import Any

from services.rules.metrics import round_half_up

_DONE = {"closed": "处理", "received": "接收", "accepted": "受理"}


def plain(value: float) -> str:
    """Return a figure as the circular prints it: one decimal, without `.0`."""
    return str(round_half_up(round(value * 10), 0) / 10).removesuffix(".0")


def _change(name: str, percent: float | None) -> str:
    if percent is None:
        return ""
    if percent == 0:
        return f"，{name}持平"
    return f"，{name}{'增长' if percent > 0 else '下降'}{plain(abs(percent))}%"


def _changes(part: dict[str, Any]) -> str:
    return _change("环比", part["month_on_month"]) + _change("同比", part["year_on_year"])


def _of_business(name: str, part: dict[str, Any], total: int) -> str:
    share = f"，占总量的{plain(part['share'])}%" if total else ""
    return f"涉及{name}服务问题{part['count']}件{share}{_changes(part)}"


def _percent(one: dict[str, Any]) -> str:
    return f"{plain(one['percent'])}%"


def _kinds(parts: dict[str, Any], what: str) -> str:
    total = parts["total"]["count"]
    return (
        f"{what}{total}件{_changes(parts['total'])}。其中{_of_business('邮政', parts['postal'], total)}；"
        f"{_of_business('快递', parts['express'], total)}。"
    )


def paragraph(year: int, month: int, basis: str, summary: dict[str, Any]) -> str:
    """Return the paragraph 总体情况 for a month, from its table T1."""
    sentences = [
        f"{year}年{month}月，邮政管理部门共",
        _kinds(summary["complaints"], f"{_DONE[basis]}用户申诉"),
        _kinds(summary["valid"], "有效申诉（确定企业责任的）"),
    ]
    satisfaction = summary["satisfaction"]
    told = [
        f"{who}{_percent(satisfaction[key])}"
        for key, who in (
            ("administration", "对邮政管理部门有效申诉处理工作满意率为"),
            ("postal_enterprise", "对邮政企业有效申诉处理结果满意率为"),
            ("express_enterprise", "对快递企业有效申诉处理结果满意率为"),
        )
        if satisfaction[key]["percent"] is not None
    ]
    if told:
        sentences.append(f"用户{'，'.join(told)}。")
    sentences.append(
        f"企业逾期答复{summary['overdue']}件，答复不属实{summary['untruthful']}件。"
        f"为用户挽回经济损失{plain(summary['recovered_wan_yuan'])}万元。",
    )
    return "".join(sentences)
