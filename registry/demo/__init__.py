"""Makes a synthetic municipality as real source files."""
