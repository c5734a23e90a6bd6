UPDATE terminal SET list_forms = :forms WHERE org = :org AND id = :id
