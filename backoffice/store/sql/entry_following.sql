SELECT seq, hash, body FROM entry
WHERE org = :org AND terminal = :terminal AND epoch = :epoch AND seq > :after
ORDER BY seq LIMIT :most
