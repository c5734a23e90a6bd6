SELECT t.day, t.at, t.reason, t.op, t.attempt, m.code AS terminal, s.receipt,
       sum(t.principal) AS principal, sum(t.bonus) AS bonus
FROM (
  SELECT org, day, at, reason, op, attempt, CASE WHEN debit = :principal THEN -amount ELSE 0 END
         AS principal, CASE WHEN debit = :bonus THEN -amount ELSE 0 END AS bonus
  FROM transfer WHERE reason <> 2 AND org = :org AND debit IN (:principal, :bonus)
  UNION ALL
  SELECT org, day, at, reason, op, attempt, CASE WHEN credit = :principal THEN amount ELSE 0 END
         AS principal, CASE WHEN credit = :bonus THEN amount ELSE 0 END AS bonus
  FROM transfer WHERE reason <> 2 AND org = :org AND credit IN (:principal, :bonus)
) AS t
LEFT JOIN sale AS s ON s.org = t.org AND s.uid = t.op
LEFT JOIN operation AS o ON o.org = t.org AND o.op = t.op AND o.attempt = t.attempt
LEFT JOIN terminal AS m ON m.org = t.org AND m.id = coalesce(s.terminal, o.terminal)
WHERE t.day <= :last
GROUP BY t.day, t.at, t.reason, t.op, t.attempt, m.code, s.receipt
-- A card's issue comes before what moved in the same millisecond.
ORDER BY t.day, t.at, CASE t.reason WHEN 4 THEN 0 ELSE 1 END, t.op, t.attempt, t.reason
