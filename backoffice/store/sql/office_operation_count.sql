SELECT count(*) FROM office_operation
