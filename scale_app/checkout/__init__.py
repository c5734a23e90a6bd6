"""The checkout: a pure table (stage, happening) -> (desk, actions); see `table.step`."""
