"""Work that takes longer than a page may: asked for in the database, done by ``woonregister worker``."""
