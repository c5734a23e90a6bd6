SELECT at, word, person, reason, detail FROM member_event
WHERE org = :org AND member = :member ORDER BY id
