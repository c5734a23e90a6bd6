SELECT day FROM transfer
WHERE org = :org AND op = :op AND attempt = :attempt ORDER BY reason, leg LIMIT 1
