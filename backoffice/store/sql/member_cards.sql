SELECT number FROM card WHERE org = :org AND member = :member AND member <> 0 ORDER BY number
