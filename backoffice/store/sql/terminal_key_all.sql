SELECT t.code AS code, k.key AS key
FROM terminal_key AS k JOIN terminal AS t ON t.org = k.org AND t.id = k.terminal
WHERE k.org = :org ORDER BY t.code, k.number
