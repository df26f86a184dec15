"""Cases: found and locked within a caller's scope, opened, changed by one writer, told of to the outside."""
