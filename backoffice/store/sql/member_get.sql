SELECT id, level, name, phone_hash, phone_last, note, terms, agreed_at, joined_at, ended_at
FROM member WHERE org = :org AND id = :id
