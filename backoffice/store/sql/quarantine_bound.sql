DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - :most
  AND reason IN ('unknown-terminal', 'bad-seal', 'wrong-topic')
