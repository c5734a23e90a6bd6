SELECT t.code, o.op, o.card, o.amount, o.at FROM operation AS o
JOIN terminal AS t ON t.org = o.org AND t.id = o.terminal
WHERE o.org = :org AND o.state = 1 AND o.at < :before
  AND ((o.at < :long_ago AND (t.upload <> 1 OR t.unsent = 0)) OR (t.seen_state = 1 AND t.unsent = 0 AND t.seen_at > o.at + :soon))
ORDER BY o.at LIMIT :most
