SELECT l.version, l.made_at, coalesce(m.person, ''), coalesce(m.approved_by, '')
FROM list_version AS l LEFT JOIN list_maker AS m ON m.org = l.org AND m.version = l.version
WHERE l.org = :org ORDER BY l.version DESC LIMIT :most
