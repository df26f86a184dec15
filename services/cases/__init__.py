"""Cases: found and locked within a caller's scope, opened, changed by one writer, published to audiences."""
