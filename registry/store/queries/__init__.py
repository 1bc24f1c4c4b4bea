"""What the layers above may ask of the database: frames as of a peildatum, known at a run."""
