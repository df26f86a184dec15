"""From rows to what may be read out: the case that a merged one follows, and the office that a case went to."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

Make = Callable[..., str]
Find = Callable[..., dict[str, Any]]
CARD = "53010219200508011X"
PERSON = {"name": "王小明", "phone": "13900139000", "role": "ADDRESSEE", "identity_card": CARD}


def test_a_merged_receipt_names_the_surviving_case(
    received: Make,
    forwarded: Make,
    act: Any,
    find: Find,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    first, second, last = received(complainant=PERSON), received(), forwarded()
    act(first, "merge", into=second, reason="同一快件")
    act(second, "merge", into=last, reason="同一快件")
    with statements() as sent:
        [hit] = find(phone="13900139000")["items"]
    # the search, what is shown, the case that goes on however many merges away, and the record of it
    assert len(sent) == 4
    assert (hit["number"], hit["status"]) == (first, "MERGED")
    said = hit["sentence"]["zh"]
    assert f"尾号{first[-4:]}" in said
    assert "合并后的申诉已于" in said
    assert "正在由中通快递处理，企业应最迟在" in said
    assert last[-4:] not in said.replace(f"尾号{first[-4:]}", "")


def test_the_destination_of_a_transfer_is_named(received: Make, act: Any, find: Find) -> None:
    number = received()
    act(number, "transfer", office="12315", reason="商品质量纠纷")
    [hit] = find(number=number)["items"]
    assert "转交12315，请向该部门查询" in hit["sentence"]["zh"]
