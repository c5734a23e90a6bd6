INSERT INTO stock_move (org, id, op, n, at, day, store, stall, plu, unit, word, quantity, cost,
  supplier, reference, reason, person, undoes)
VALUES (:org, :id, :op, :n, :at, :day, :store, :stall, :plu, :unit, :word, :quantity, :cost,
  :supplier, :reference, :reason, :person, :undoes)
