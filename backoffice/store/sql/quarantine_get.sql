SELECT id, at, topic, reason, detail, length, payload FROM quarantine WHERE id = :id
