"""Files of reference data: the packaged ones are sound, and a fault is named by file, line and remedy."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from services.reference import checks, files
from services.reference.files import InvalidReferenceError

Edit = Callable[[str, str, str], Path]


def _refusal(folder: Path) -> InvalidReferenceError:
    with pytest.raises(InvalidReferenceError) as caught:
        checks.check(files.read(folder))
    return caught.value


def test_the_packaged_files_are_sound() -> None:
    checks.check(files.read(files.PACKAGED))


def test_line_ends_and_a_byte_order_mark_of_spreadsheets_change_nothing(edited: Edit) -> None:
    folder = edited("carriers.csv", "ZTO,", "ZTO,")
    raw = (folder / "carriers.csv").read_bytes()
    (folder / "carriers.csv").write_bytes(b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"))
    assert files.read(folder).digest == files.read(files.PACKAGED).digest


def test_any_change_gives_another_digest(edited: Edit) -> None:
    folder = edited("carriers.csv", "中通快递,ZTO Express", "中通,ZTO Express")
    assert files.read(folder).digest != files.read(files.PACKAGED).digest


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "says"),
    [
        (
            "carriers.csv",
            "code,kuaidi100_code",
            "id,kuaidi100_code",
            "carriers.csv:1",
            "first line must read",
        ),
        (
            "carriers.csv",
            "EXPRESS,true",
            "EXPRESS,yes",
            "carriers.csv:3",
            "in_scope must be one of true, false",
        ),
        (
            "carriers.csv",
            "ZTO,zhongtong,中通快递",
            "ZTO,zhongtong,",
            "carriers.csv:5",
            "name_zh must not be empty",
        ),
        ("carriers.csv", "ZTO,zhongtong", "SF,zhongtong", "carriers.csv:5", "same code as on line 4"),
        (
            "carriers.csv",
            "中国邮政,China Post",
            "China Post",
            "carriers.csv:2",
            "has 7 cells; it must have 8",
        ),
        ("regions.csv", "110101,", "11010,", "regions.csv:3", "code must be a region code of six digits"),
        ("waybill_patterns.csv", "YZPY,\\d{13}", "YZPY,(", "waybill_patterns.csv", "no regular expression"),
        ("deadline_rules.csv", "2020,total,30", "2020,total,0", "deadline_rules.csv:48", "above zero"),
        (
            "deadline_rules.csv",
            "2020,acceptance,5,day",
            "2020,acceptance,5,week",
            "deadline_rules.csv:25",
            "unit",
        ),
        ("policies.json", '"admission"', '"admissions"', "policies.json", "exactly the policies"),
        ("policies.json", "{", "[", "policies.json:", "is not JSON"),
        ("workdays.csv", "2021-06-15,", "2021-6-15,", "workdays.csv:533", "day must be a day as YYYY-MM-DD"),
    ],
)
def test_a_fault_names_its_place_and_its_remedy(
    edited: Edit, name: str, old: str, new: str, place: str, says: str
) -> None:
    refusal = _refusal(edited(name, old, new))
    first = refusal.errors[0]
    assert first.pointer.startswith(place)
    assert says in first.message
    assert refusal.detail.startswith(first.pointer)
    assert refusal.status == 422


def test_every_fault_is_listed_at_once(edited: Edit) -> None:
    edited("carriers.csv", "EXPRESS,true", "EXPRESS,yes")
    refusal = _refusal(edited("issues.csv", "true,true,1,V2", "true,true,one,V2"))
    assert [re.sub(r":.*", "", error.pointer) for error in refusal.errors] == ["carriers.csv", "issues.csv"]
    assert "(and 1 more)" in refusal.detail


def test_a_missing_or_unreadable_file_is_named(edited: Edit) -> None:
    folder = edited("issues.csv", "投递服务", "投递")
    (folder / "issues.csv").write_bytes("投递".encode("gb18030"))
    assert "issues.csv is not UTF-8" in _refusal(folder).detail
    (folder / "issues.csv").unlink()
    assert "issues.csv is missing" in _refusal(folder).detail
