INSERT INTO mark (org, terminal, epoch, upto, highest, head)
VALUES (:org, :terminal, :epoch, :upto, :highest, :head)
ON CONFLICT (org, terminal, epoch) DO UPDATE SET
  upto = excluded.upto, highest = excluded.highest, head = excluded.head
