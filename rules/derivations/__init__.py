"""How fact columns come out of record frames: plain functions over frames, one module per kind of source."""
