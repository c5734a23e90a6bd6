SELECT id, uid, line FROM office_operation WHERE id > :after ORDER BY id
