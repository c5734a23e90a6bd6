SELECT id, url, wants_sales, wants_alerts, made_at, ended_at, sale, alert, tries, next_at, dead_at,
  why FROM hook WHERE org = :org ORDER BY id
