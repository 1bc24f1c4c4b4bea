"""Woonregister: a dated registry of the private housing stock of a Dutch municipality."""
