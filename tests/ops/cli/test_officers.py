"""Officers by the command line: registered, changed, and no longer active."""

from tests.ops.cli.conftest import Ops


def test_an_officer_is_registered_changed_and_listed_by_bureau(ops: Ops) -> None:
    assert ops("officer", "set", "C330100", "li.na", "李娜") == {
        "bureau": "C330100",
        "officer": "li.na",
        "role": "OFFICER",
        "active": True,
    }
    ops("officer", "set", "C330100", "li.na", "李娜", "--supervisor")
    ops("officer", "set", "P330000", "wang.wei", "王伟", "--inactive")
    [officer] = ops("officer", "list", "--bureau", "C330100")
    assert (officer["id"], officer["name"], officer["role"], officer["active"]) == (
        "li.na",
        "李娜",
        "SUPERVISOR",
        True,
    )
    assert [(row["bureau_code"], row["active"]) for row in ops("officer", "list")] == [
        ("C330100", True),
        ("P330000", False),
    ]


def test_an_officer_of_no_bureau_and_an_id_of_no_form_are_refused(ops: Ops) -> None:
    assert "C999999" in ops("officer", "set", "C999999", "li.na", "李娜", code=1)
    assert ops("officer", "set", "C330100", "li na;", "李娜", code=1)
    assert ops("officer", "list") == []
