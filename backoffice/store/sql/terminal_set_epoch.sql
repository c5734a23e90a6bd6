UPDATE terminal SET epoch = :epoch, sign_on_rid = :rid, sign_on_answer = :answer
WHERE org = :org AND id = :id
