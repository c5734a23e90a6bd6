"""Stories through real processes, pretend devices and bad links."""
