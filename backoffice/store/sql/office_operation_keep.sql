INSERT INTO office_operation (uid, line) VALUES (:uid, :line)
