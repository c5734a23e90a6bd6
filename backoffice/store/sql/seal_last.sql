SELECT id, upto, hash FROM seal ORDER BY id DESC LIMIT 1
