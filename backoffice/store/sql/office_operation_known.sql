SELECT 1 FROM office_operation WHERE uid = :uid
