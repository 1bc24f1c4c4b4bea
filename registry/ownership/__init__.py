"""Tenure of a dwelling on a day, and the portfolios of owners."""
