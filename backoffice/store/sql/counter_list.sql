SELECT word, value FROM counter ORDER BY word
