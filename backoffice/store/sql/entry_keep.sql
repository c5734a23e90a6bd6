INSERT INTO entry (org, terminal, epoch, seq, kind, received_at, hash, body)
VALUES (:org, :terminal, :epoch, :seq, :kind, :received_at, :hash, :body)
ON CONFLICT (org, terminal, epoch, seq) DO NOTHING
