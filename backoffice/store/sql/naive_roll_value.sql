SELECT t.org, t.day AS period,
  coalesce((SELECT st.id FROM store AS st
            WHERE st.org = t.org AND 'sales/' || st.code = other.code), 0) AS place,
  t.reason, CASE WHEN mine.code LIKE '%/bonus' THEN 1 ELSE 0 END AS part,
  count(*) AS moves,
  sum(CASE WHEN mine.id = t.credit THEN t.amount ELSE 0 END) AS given,
  sum(CASE WHEN mine.id = t.debit THEN t.amount ELSE 0 END) AS taken
FROM transfer AS t
JOIN account AS mine ON mine.org = t.org AND mine.id IN (t.credit, t.debit)
JOIN account AS other ON other.org = t.org AND other.id = t.credit + t.debit - mine.id
WHERE mine.code LIKE 'card/%' AND t.day >= :first AND t.day <= :last
GROUP BY 1, 2, 3, 4, 5
