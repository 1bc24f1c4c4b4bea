"""What an inspector's list shows, and from which signals it is made."""
