SELECT count(*), coalesce(max(id), :after) FROM sale WHERE org = :org AND id > :after
