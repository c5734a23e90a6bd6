SELECT sign_on_rid, sign_on_answer FROM terminal WHERE org = :org AND id = :id
