SELECT 1 FROM quarantine
WHERE reason = :reason AND length = :length AND topic = :topic AND payload = :payload
