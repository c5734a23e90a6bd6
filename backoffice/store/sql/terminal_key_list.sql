SELECT number, key, told_at, epoch, seq FROM terminal_key
WHERE org = :org AND terminal = :terminal ORDER BY number
