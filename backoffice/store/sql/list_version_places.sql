SELECT places FROM list_version WHERE org = :org AND version = :version
