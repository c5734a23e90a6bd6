INSERT INTO account (org, id, code) VALUES (:org, :id, :code)
