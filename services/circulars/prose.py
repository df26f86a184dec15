"""The circular's opening paragraph, in the words that the administration publishes it with."""

from services.circulars.layout import ByBusiness, CircularSummary, ComparedCount, PartialCount
from services.rules.metrics.rounding import round_half_up

_VERBS = {"closed": "处理", "received": "接收", "accepted": "受理"}


def plain(value: float) -> str:
    """Return a figure as the circular prints it: one decimal, without `.0`."""
    return str(round_half_up(round(value * 10), 0) / 10).removesuffix(".0")


def _change(name: str, percent: float | None) -> str:
    if percent is None:
        return ""
    if percent == 0:
        return f"，{name}持平"
    return f"，{name}{'增长' if percent > 0 else '下降'}{plain(abs(percent))}%"


def _changes(changes: ComparedCount) -> str:
    return _change("环比", changes.period_on_period) + _change("同比", changes.year_on_year)


def _of_business(name: str, part: PartialCount, total: int) -> str:
    share = f"，占总量的{plain(part.share or 0.0)}%" if total else ""
    return f"涉及{name}服务问题{part.count}件{share}{_changes(part)}"


def _businesses(counts: ByBusiness, subject: str) -> str:
    total = counts.total.count
    return (
        f"{subject}{total}件{_changes(counts.total)}。其中{_of_business('邮政', counts.postal, total)}；"
        f"{_of_business('快递', counts.express, total)}。"
    )


def paragraph(year: int, month: int, basis: str, summary: CircularSummary) -> str:
    """Return the paragraph 总体情况 for a month, from its table T1."""
    sentences = [
        f"{year}年{month}月，邮政管理部门共",
        _businesses(summary.complaints, f"{_VERBS[basis]}用户申诉"),
        _businesses(summary.valid, "有效申诉（确定企业责任的）"),
    ]
    clauses = [
        f"{subject}{plain(part.percent)}%"
        for part, subject in (
            (summary.satisfaction_administration, "对邮政管理部门有效申诉处理工作满意率为"),
            (summary.satisfaction_enterprise_postal, "对邮政企业有效申诉处理结果满意率为"),
            (summary.satisfaction_enterprise_express, "对快递企业有效申诉处理结果满意率为"),
        )
        if part.percent is not None
    ]
    if clauses:
        sentences.append(f"用户{'，'.join(clauses)}。")
    sentences.append(
        f"企业逾期答复{summary.reply_overdue}件，答复不属实{summary.reply_untruthful}件。"
        f"为用户挽回经济损失{plain(summary.recovered)}万元。",
    )
    return "".join(sentences)
