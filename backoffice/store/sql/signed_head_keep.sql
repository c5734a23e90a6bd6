INSERT INTO signed_head (org, terminal, epoch, seq, head, signature, number, received_at)
VALUES (:org, :terminal, :epoch, :seq, :head, :signature, :number, :received_at)
ON CONFLICT (org, terminal, epoch, seq, head) DO NOTHING
