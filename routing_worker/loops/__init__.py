"""The loops of the worker, one module for each kind of work; `routing_worker.registry` lists them."""
