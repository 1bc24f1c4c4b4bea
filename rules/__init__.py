"""Rules know law; they know no database, clock or settings."""
