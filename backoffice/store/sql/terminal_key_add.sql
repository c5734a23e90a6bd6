INSERT INTO terminal_key (org, terminal, number, key, told_at, epoch, seq)
VALUES (:org, :terminal, :number, :key, :told_at, :epoch, :seq)
