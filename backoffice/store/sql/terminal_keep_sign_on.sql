UPDATE terminal SET sign_on_rid = :rid, sign_on_answer = :answer WHERE org = :org AND id = :id
