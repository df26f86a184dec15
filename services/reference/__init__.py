"""Reference data: read from files and checked, loaded into tables, held in memory as one immutable reference."""
