INSERT INTO price_change (org, id, due_at, content, person, approved_by, made_at)
VALUES (:org, :id, :due_at, :content, :person, :approved_by, :made_at)
