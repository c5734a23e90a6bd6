SELECT id, line FROM office_operation WHERE id < :before ORDER BY id DESC LIMIT :most
