"""The pages of the till; every one keeps the three numbers in sight."""
