"""What the stallholder sees and presses: draws snapshots, sends keys, decides nothing."""
