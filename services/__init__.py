"""The use cases of Shensu, not deployables: each public function is one transaction on the shared schema.

A public use case takes `db` (a `shared.database.Database`) and opens its own transaction; a private step takes
a `connection` and never commits. Pure decisions stand in `services.rules`.
"""
