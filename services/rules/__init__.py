"""Pure decisions: no database, no clock, no I/O. One file per subject of the law; rules name their source."""
