SELECT e.org, utc_day(e.received_at) AS period, e.terminal,
  count(*) AS entries, sum(length(e.body)) AS bytes
FROM entry AS e
WHERE utc_day(e.received_at) >= :first
  AND utc_day(e.received_at) <= :last
GROUP BY 1, 2, 3
