INSERT INTO traffic (org, terminal, month, up, down, messages)
SELECT t.org, t.id, :month, :up, :down, :messages FROM terminal AS t
WHERE t.org = :org AND t.code = :code
ON CONFLICT (org, terminal, month) DO UPDATE
SET up = up + excluded.up, down = down + excluded.down, messages = messages + excluded.messages
