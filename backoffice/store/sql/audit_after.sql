SELECT id, subject, key, content FROM audit WHERE id > :after ORDER BY id
