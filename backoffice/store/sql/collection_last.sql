SELECT coalesce(max(id), 0) FROM collection WHERE org = :org
