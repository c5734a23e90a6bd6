INSERT INTO member_event (org, id, at, member, word, person, reason, detail)
SELECT :org, coalesce(max(id), 0) + 1, :at, :member, :word, :person, :reason, :detail
FROM member_event WHERE org = :org
