-- What the watch over cards and scales looks up.
CREATE INDEX alert_by_word ON alert (org, word, at);
CREATE INDEX operation_by_card ON operation (org, card, at) WHERE card IS NOT NULL;
CREATE INDEX operation_approved ON operation (org, at) WHERE state = 1;
