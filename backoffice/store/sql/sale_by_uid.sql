SELECT id FROM sale WHERE org = :org AND uid = :uid
