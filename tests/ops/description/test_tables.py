"""Tables of the schema as they are described: each with the docstring below it, its module and its columns."""

from ops.description.tables import tables
from shared.models.catalogue import metadata


def test_every_table_is_described_once_in_the_order_of_names() -> None:
    names = [table.name for table in tables()]
    assert names == sorted(metadata.tables)
    assert all(table.meaning and table.details["module"].startswith("shared.models.") for table in tables())


def test_a_table_has_its_docstring_and_every_column() -> None:
    complaint = {table.name: table for table in tables()}["complaint"]
    assert complaint.meaning.startswith("A case:")
    assert complaint.details["id"] == "uuid, primary key"
    assert complaint.details["next_due_at"] == "datetime"
    assert set(metadata.tables["complaint"].c.keys()) < complaint.details.keys()
    assert complaint.details["number"] == "text, not null"
