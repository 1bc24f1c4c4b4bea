"""The API of the registry, version 1: Dutch nouns, all faults at once, no person in an address.

After the NLGov API Design Rules 2.1.
"""
