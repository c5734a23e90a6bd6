INSERT INTO transfer (org, op, attempt, reason, leg, debit, credit, amount, tender, day, at)
VALUES (:org, :op, :attempt, :reason, :leg, :debit, :credit, :amount, :tender, :day, :at)
