"""The only SQL: engine, tables, history, and queries that give record frames."""
