INSERT INTO quarantine (at, topic, reason, detail, length, payload)
VALUES (:at, :topic, :reason, :detail, :length, :payload)
