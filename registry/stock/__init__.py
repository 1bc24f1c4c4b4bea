"""The composition of the housing stock."""
