SELECT id FROM member WHERE org = :org AND phone_hash = :phone_hash AND phone_hash <> x''
