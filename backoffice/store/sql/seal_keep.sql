INSERT INTO seal (id, upto, hash) VALUES (:id, :upto, :hash)
