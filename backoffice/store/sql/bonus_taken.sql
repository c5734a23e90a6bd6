SELECT coalesce(sum(CASE WHEN x.debit = a.id THEN x.amount ELSE -x.amount END), 0)
FROM account AS a
JOIN transfer AS x ON x.org = a.org AND (x.debit = a.id OR x.credit = a.id)
WHERE a.org = :org AND a.code = :code
  AND (x.op = :ref OR x.op IN (SELECT uid FROM sale WHERE org = :org AND ref = :ref AND ref <> x''))
