SELECT store, stall, plu, unit, id, at, day, word, quantity, cost, supplier, reference, reason,
  person, undoes FROM stock_move
WHERE org = :org AND id = :id
