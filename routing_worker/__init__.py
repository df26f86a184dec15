"""Routing worker: drains the queue in batches, refreshes the figures. Woken by arq, and needs it for speed only."""
