"""The Bewoning API of the registry: the published one of the BRP (2.x), on the registry's own occupancy."""
