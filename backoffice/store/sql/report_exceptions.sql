SELECT a.word AS word, a.terminal AS terminal, coalesce(shop.code, '') AS store,
  count(*) AS alerts,
  sum(CASE WHEN EXISTS (SELECT 1 FROM settlement AS x
                        WHERE x.org = a.org AND x.subject = 'alert' AND x.number = a.id)
           THEN 0 ELSE 1 END) AS unseen,
  count(DISTINCT a.card) AS cards, min(a.at) AS first_at, max(a.at) AS last_at
FROM alert AS a
LEFT JOIN terminal AS te ON te.org = a.org AND te.code = a.terminal
LEFT JOIN shop ON shop.id = te.store
WHERE a.org = :org AND a.at >= :since AND a.at < :until
  AND (:stores = '' OR shop.id IS NOT NULL) AND (:terminal < 0 OR te.id = :terminal)
GROUP BY a.word, a.terminal, coalesce(shop.code, '')
ORDER BY count(*) DESC, a.word, a.terminal
