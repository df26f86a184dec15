"""Routing worker: works the queue in batches and refreshes the figures. arq wakes it, for speed only."""
