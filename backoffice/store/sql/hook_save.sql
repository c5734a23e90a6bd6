INSERT INTO hook (org, id, url, wants_sales, wants_alerts, made_at, ended_at, sale, alert, tries,
  next_at, dead_at, why)
VALUES (:org, :id, :url, :wants_sales, :wants_alerts, :made_at, :ended_at, :sale, :alert, :tries,
  :next_at, :dead_at, :why)
ON CONFLICT (org, id) DO UPDATE SET ended_at = excluded.ended_at, sale = excluded.sale,
  alert = excluded.alert, tries = excluded.tries, next_at = excluded.next_at,
  dead_at = excluded.dead_at, why = excluded.why
