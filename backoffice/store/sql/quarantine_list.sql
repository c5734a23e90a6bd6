SELECT id, at, topic, reason, detail, length, payload FROM quarantine ORDER BY id DESC LIMIT :most
