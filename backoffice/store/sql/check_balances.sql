SELECT code, balance, moved
FROM (
  SELECT a.code AS code, a.balance AS balance,
    coalesce(c.amount, 0) - coalesce(d.amount, 0) AS moved
  FROM account AS a
  LEFT JOIN (SELECT org, credit, sum(amount) AS amount FROM transfer GROUP BY org, credit) AS c
    ON c.org = a.org AND c.credit = a.id
  LEFT JOIN (SELECT org, debit, sum(amount) AS amount FROM transfer GROUP BY org, debit) AS d
    ON d.org = a.org AND d.debit = a.id
  WHERE a.org = :org
) AS balances
WHERE balance <> moved
ORDER BY code
