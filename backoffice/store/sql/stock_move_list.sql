SELECT store, stall, plu, unit, id, at, day, word, quantity, cost, supplier, reference, reason,
  person, undoes FROM stock_move
WHERE org = :org AND day >= :first AND day <= :last ORDER BY day DESC, id DESC LIMIT :most
