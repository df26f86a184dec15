"""Who may call: clients and their keys, signing keys, officers, scopes, and the data keys of the deployment."""
