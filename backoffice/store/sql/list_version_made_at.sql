SELECT made_at FROM list_version WHERE org = :org AND version = :version
