"""Reference data: read from files, checked, loaded into tables, and kept in memory as one immutable reference."""
