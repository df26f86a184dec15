"""What every part knows: settings, vocabulary, errors, time, the database, privacy, HTTP. Knows no use case."""
