-- Payments that came before what they need: looked up whenever a gap in a journal closes.
CREATE INDEX operation_waiting ON operation (org, terminal, paid_seq) WHERE state = 7;
