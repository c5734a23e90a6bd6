SELECT t.code, f.up, f.down, f.messages
FROM traffic AS f JOIN terminal AS t ON t.org = f.org AND t.id = f.terminal
WHERE f.org = :org AND f.month = :month
