"""Who may do what: accounts, roles and their rights, sessions, and the second step of signing in."""
