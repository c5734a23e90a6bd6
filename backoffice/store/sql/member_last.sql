SELECT max(id) FROM member WHERE org = :org
