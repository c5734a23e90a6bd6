SELECT id, upto, hash FROM seal ORDER BY id
