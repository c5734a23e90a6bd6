SELECT store, stall, plu, unit, id, at, word FROM stock_move
WHERE org = :org AND (word = 'count' OR id = (
  SELECT min(f.id) FROM stock_move AS f WHERE f.org = stock_move.org AND f.store = stock_move.store
    AND f.stall = stock_move.stall AND f.plu = stock_move.plu AND f.unit = stock_move.unit))
ORDER BY id
