UPDATE office_operation SET line = :line WHERE uid = :uid
