"""Privacy: who saw whom and why, the rights of the people in the registry, retention, purposes and fairness."""
