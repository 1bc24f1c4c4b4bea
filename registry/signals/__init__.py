"""From record frames to stored signals with receipts."""
