SELECT coalesce(max(id), 0) FROM office_operation
