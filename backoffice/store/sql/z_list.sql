SELECT z.terminal, t.code, z.epoch, z.seq, z.day, z.shift, z.agrees, z.difference
FROM z_report AS z JOIN terminal AS t ON t.org = z.org AND t.id = z.terminal
WHERE z.org = :org AND z.day >= :first AND z.day <= :last
ORDER BY t.code, z.epoch, z.seq
