SELECT id, card, amount, mandate, made_at, state, settled_at, reference FROM collection
WHERE org = :org AND (state = 0 OR :all = 1) ORDER BY id
