UPDATE organisation SET list_version = :version WHERE org = :org
