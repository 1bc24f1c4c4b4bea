"""Signing in: the account behind a request, passwords, forms that only we can send."""
