"""Looking into files: what is of no use is said at once, while the person still has the paper in hand (ADR 7)."""
