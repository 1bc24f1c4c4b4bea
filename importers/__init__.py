"""Importers know file formats and give out typed frames; they know no database, clock or settings."""
