INSERT INTO collection (org, id, card, amount, mandate, made_at)
VALUES (:org, :id, :card, :amount, :mandate, :made_at)
