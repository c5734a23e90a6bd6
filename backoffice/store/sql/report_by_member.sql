SELECT sums.member AS member, c.level AS level, sums.visits AS visits, sums.amount AS amount,
  sums.saved AS saved, sums.last_day AS last_day,
  (SELECT a.balance FROM account AS a WHERE a.org = c.org AND a.id = c.account)
    + coalesce((SELECT b.balance FROM account AS b WHERE b.org = c.org AND b.id = c.bonus_account),
               0) AS balance
FROM (
  SELECT m.member AS member, sum(m.visits) AS visits, sum(m.amount) AS amount,
    sum(m.saved) AS saved, max(m.last_day) AS last_day
  FROM long_span CROSS JOIN roll_member AS m
  WHERE m.org = :org AND m.period >= long_span.low AND m.period <= long_span.high
    AND (:stores = '' OR m.store IN (SELECT id FROM shop))
    AND (:member < 0 OR m.member = :member) AND (:level < 0 OR m.level = :level)
  GROUP BY m.member
  ORDER BY sum(m.amount) DESC, m.member
  LIMIT :most
) AS sums
LEFT JOIN card AS c ON c.org = :org AND c.number = sums.member
ORDER BY sums.amount DESC, sums.member
