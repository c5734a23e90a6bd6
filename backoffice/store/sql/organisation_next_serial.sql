UPDATE organisation SET next_serial = next_serial + 1 WHERE org = :org RETURNING next_serial - 1
