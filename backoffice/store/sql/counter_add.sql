INSERT INTO counter (word, value) VALUES (:word, 1)
ON CONFLICT (word) DO UPDATE SET value = counter.value + 1
