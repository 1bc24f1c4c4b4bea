"""Identifiers, partial dates, periods, official value lists and addresses: standard library and python-stdnum only."""
