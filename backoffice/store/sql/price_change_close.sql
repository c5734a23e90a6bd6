UPDATE price_change SET state = :state, list_version = :list_version, detail = :detail
WHERE org = :org AND id = :id AND state = 0
