INSERT INTO transfer (org, id, op, attempt, reason, leg, debit, credit, amount, tender, day, at)
VALUES (:org, :id, :op, :attempt, :reason, :leg, :debit, :credit, :amount, :tender, :day, :at)
