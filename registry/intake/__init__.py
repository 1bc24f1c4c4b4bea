"""One import from file to registry: run, linking, occupancy, areas, checks."""
