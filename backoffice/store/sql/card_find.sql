SELECT number FROM card WHERE org = :org AND number % :power = :tail ORDER BY number DESC LIMIT :most
