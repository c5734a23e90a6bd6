-- The office's own changes are witnessed: each row of the tables below stands once more in `audit`,
-- in the order of its making, and `seal` chains what one transaction added (backoffice/witness.py).
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE TABLE seal (
  id INTEGER PRIMARY KEY,
  -- Audit rows up to this one are sealed.
  upto INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TRIGGER transfer_made_is_witnessed AFTER INSERT ON transfer
BEGIN INSERT INTO audit (subject, key, content) VALUES ('transfer',
  quote(NEW.op) || '.' || quote(NEW.attempt) || '.' || quote(NEW.reason) || '.' || quote(NEW.leg),
  quote(NEW.debit) || char(31) ||
    quote(NEW.credit) || char(31) ||
    quote(NEW.amount) || char(31) ||
    quote(NEW.tender) || char(31) ||
    quote(NEW.day) || char(31) ||
    quote(NEW.at)); END;

INSERT INTO audit (subject, key, content) SELECT 'transfer',
  quote(transfer.op) || '.' || quote(transfer.attempt) || '.' || quote(transfer.reason) || '.' || quote(transfer.leg),
  quote(transfer.debit) || char(31) ||
    quote(transfer.credit) || char(31) ||
    quote(transfer.amount) || char(31) ||
    quote(transfer.tender) || char(31) ||
    quote(transfer.day) || char(31) ||
    quote(transfer.at)
FROM transfer;

CREATE TRIGGER account_made_is_witnessed AFTER INSERT ON account
BEGIN INSERT INTO audit (subject, key, content) VALUES ('account',
  quote(NEW.id),
  quote(NEW.code)); END;

INSERT INTO audit (subject, key, content) SELECT 'account',
  quote(account.id),
  quote(account.code)
FROM account;

CREATE TRIGGER list_version_made_is_witnessed AFTER INSERT ON list_version
BEGIN INSERT INTO audit (subject, key, content) VALUES ('list_version',
  quote(NEW.version),
  quote(NEW.made_at) || char(31) ||
    quote(NEW.places) || char(31) ||
    quote(NEW.content)); END;

INSERT INTO audit (subject, key, content) SELECT 'list_version',
  quote(list_version.version),
  quote(list_version.made_at) || char(31) ||
    quote(list_version.places) || char(31) ||
    quote(list_version.content)
FROM list_version;

CREATE TRIGGER card_event_made_is_witnessed AFTER INSERT ON card_event
BEGIN INSERT INTO audit (subject, key, content) VALUES ('card_event',
  quote(NEW.id),
  quote(NEW.at) || char(31) ||
    quote(NEW.card) || char(31) ||
    quote(NEW.word) || char(31) ||
    quote(NEW.person) || char(31) ||
    quote(NEW.reason) || char(31) ||
    quote(NEW.detail)); END;

INSERT INTO audit (subject, key, content) SELECT 'card_event',
  quote(card_event.id),
  quote(card_event.at) || char(31) ||
    quote(card_event.card) || char(31) ||
    quote(card_event.word) || char(31) ||
    quote(card_event.person) || char(31) ||
    quote(card_event.reason) || char(31) ||
    quote(card_event.detail)
FROM card_event;

CREATE TRIGGER organisation_made_is_witnessed AFTER INSERT ON organisation
BEGIN INSERT INTO audit (subject, key, content) VALUES ('organisation',
  quote(NEW.org),
  quote(NEW.name) || char(31) ||
    quote(NEW.currency) || char(31) ||
    quote(NEW.exponent) || char(31) ||
    quote(NEW.zone) || char(31) ||
    quote(NEW.cutoff_hour) || char(31) ||
    quote(NEW.issuer) || char(31) ||
    quote(NEW.levels) || char(31) ||
    quote(NEW.country)); END;

CREATE TRIGGER organisation_changed_is_witnessed AFTER UPDATE OF
  name, currency, exponent, zone, cutoff_hour, issuer, levels, country ON organisation
WHEN quote(OLD.name) || char(31) ||
    quote(OLD.currency) || char(31) ||
    quote(OLD.exponent) || char(31) ||
    quote(OLD.zone) || char(31) ||
    quote(OLD.cutoff_hour) || char(31) ||
    quote(OLD.issuer) || char(31) ||
    quote(OLD.levels) || char(31) ||
    quote(OLD.country) <>
   quote(NEW.name) || char(31) ||
    quote(NEW.currency) || char(31) ||
    quote(NEW.exponent) || char(31) ||
    quote(NEW.zone) || char(31) ||
    quote(NEW.cutoff_hour) || char(31) ||
    quote(NEW.issuer) || char(31) ||
    quote(NEW.levels) || char(31) ||
    quote(NEW.country)
BEGIN INSERT INTO audit (subject, key, content) VALUES ('organisation',
  quote(NEW.org),
  quote(NEW.name) || char(31) ||
    quote(NEW.currency) || char(31) ||
    quote(NEW.exponent) || char(31) ||
    quote(NEW.zone) || char(31) ||
    quote(NEW.cutoff_hour) || char(31) ||
    quote(NEW.issuer) || char(31) ||
    quote(NEW.levels) || char(31) ||
    quote(NEW.country)); END;

INSERT INTO audit (subject, key, content) SELECT 'organisation',
  quote(organisation.org),
  quote(organisation.name) || char(31) ||
    quote(organisation.currency) || char(31) ||
    quote(organisation.exponent) || char(31) ||
    quote(organisation.zone) || char(31) ||
    quote(organisation.cutoff_hour) || char(31) ||
    quote(organisation.issuer) || char(31) ||
    quote(organisation.levels) || char(31) ||
    quote(organisation.country)
FROM organisation;

CREATE TRIGGER store_made_is_witnessed AFTER INSERT ON store
BEGIN INSERT INTO audit (subject, key, content) VALUES ('store',
  quote(NEW.id),
  quote(NEW.code) || char(31) ||
    quote(NEW.name)); END;

CREATE TRIGGER store_changed_is_witnessed AFTER UPDATE OF code, name ON store
WHEN quote(OLD.code) || char(31) ||
    quote(OLD.name) <>
   quote(NEW.code) || char(31) ||
    quote(NEW.name)
BEGIN INSERT INTO audit (subject, key, content) VALUES ('store',
  quote(NEW.id),
  quote(NEW.code) || char(31) ||
    quote(NEW.name)); END;

INSERT INTO audit (subject, key, content) SELECT 'store',
  quote(store.id),
  quote(store.code) || char(31) ||
    quote(store.name)
FROM store;

CREATE TRIGGER terminal_made_is_witnessed AFTER INSERT ON terminal
BEGIN INSERT INTO audit (subject, key, content) VALUES ('terminal',
  quote(NEW.id),
  quote(NEW.code) || char(31) ||
    quote(NEW.store) || char(31) ||
    quote(NEW.stall) || char(31) ||
    quote(NEW.suspended) || char(31) ||
    quote(NEW.key_number)); END;

CREATE TRIGGER terminal_changed_is_witnessed AFTER UPDATE OF code, store, stall, suspended, key_number ON terminal
WHEN quote(OLD.code) || char(31) ||
    quote(OLD.store) || char(31) ||
    quote(OLD.stall) || char(31) ||
    quote(OLD.suspended) || char(31) ||
    quote(OLD.key_number) <>
   quote(NEW.code) || char(31) ||
    quote(NEW.store) || char(31) ||
    quote(NEW.stall) || char(31) ||
    quote(NEW.suspended) || char(31) ||
    quote(NEW.key_number)
BEGIN INSERT INTO audit (subject, key, content) VALUES ('terminal',
  quote(NEW.id),
  quote(NEW.code) || char(31) ||
    quote(NEW.store) || char(31) ||
    quote(NEW.stall) || char(31) ||
    quote(NEW.suspended) || char(31) ||
    quote(NEW.key_number)); END;

INSERT INTO audit (subject, key, content) SELECT 'terminal',
  quote(terminal.id),
  quote(terminal.code) || char(31) ||
    quote(terminal.store) || char(31) ||
    quote(terminal.stall) || char(31) ||
    quote(terminal.suspended) || char(31) ||
    quote(terminal.key_number)
FROM terminal;

CREATE TRIGGER card_made_is_witnessed AFTER INSERT ON card
BEGIN INSERT INTO audit (subject, key, content) VALUES ('card',
  quote(NEW.number),
  quote(NEW.chip) || char(31) ||
    quote(NEW.kind) || char(31) ||
    quote(NEW.level) || char(31) ||
    quote(NEW.state) || char(31) ||
    quote(NEW.valid_from) || char(31) ||
    quote(NEW.valid_to) || char(31) ||
    quote(NEW.account) || char(31) ||
    quote(NEW.bonus_account) || char(31) ||
    quote(NEW.opening) || char(31) ||
    quote(NEW.class) || char(31) ||
    quote(NEW.holder) || char(31) ||
    quote(NEW.ended) || char(31) ||
    quote(NEW.replaces) || char(31) ||
    quote(NEW.replaced_by) || char(31) ||
    quote(NEW.held_until)); END;

CREATE TRIGGER card_changed_is_witnessed AFTER UPDATE OF
  chip, kind, level, state, valid_from, valid_to, account,
  bonus_account, opening, class, holder, ended, replaces, replaced_by, held_until
ON card
WHEN quote(OLD.chip) || char(31) ||
    quote(OLD.kind) || char(31) ||
    quote(OLD.level) || char(31) ||
    quote(OLD.state) || char(31) ||
    quote(OLD.valid_from) || char(31) ||
    quote(OLD.valid_to) || char(31) ||
    quote(OLD.account) || char(31) ||
    quote(OLD.bonus_account) || char(31) ||
    quote(OLD.opening) || char(31) ||
    quote(OLD.class) || char(31) ||
    quote(OLD.holder) || char(31) ||
    quote(OLD.ended) || char(31) ||
    quote(OLD.replaces) || char(31) ||
    quote(OLD.replaced_by) || char(31) ||
    quote(OLD.held_until) <>
   quote(NEW.chip) || char(31) ||
    quote(NEW.kind) || char(31) ||
    quote(NEW.level) || char(31) ||
    quote(NEW.state) || char(31) ||
    quote(NEW.valid_from) || char(31) ||
    quote(NEW.valid_to) || char(31) ||
    quote(NEW.account) || char(31) ||
    quote(NEW.bonus_account) || char(31) ||
    quote(NEW.opening) || char(31) ||
    quote(NEW.class) || char(31) ||
    quote(NEW.holder) || char(31) ||
    quote(NEW.ended) || char(31) ||
    quote(NEW.replaces) || char(31) ||
    quote(NEW.replaced_by) || char(31) ||
    quote(NEW.held_until)
BEGIN INSERT INTO audit (subject, key, content) VALUES ('card',
  quote(NEW.number),
  quote(NEW.chip) || char(31) ||
    quote(NEW.kind) || char(31) ||
    quote(NEW.level) || char(31) ||
    quote(NEW.state) || char(31) ||
    quote(NEW.valid_from) || char(31) ||
    quote(NEW.valid_to) || char(31) ||
    quote(NEW.account) || char(31) ||
    quote(NEW.bonus_account) || char(31) ||
    quote(NEW.opening) || char(31) ||
    quote(NEW.class) || char(31) ||
    quote(NEW.holder) || char(31) ||
    quote(NEW.ended) || char(31) ||
    quote(NEW.replaces) || char(31) ||
    quote(NEW.replaced_by) || char(31) ||
    quote(NEW.held_until)); END;

INSERT INTO audit (subject, key, content) SELECT 'card',
  quote(card.number),
  quote(card.chip) || char(31) ||
    quote(card.kind) || char(31) ||
    quote(card.level) || char(31) ||
    quote(card.state) || char(31) ||
    quote(card.valid_from) || char(31) ||
    quote(card.valid_to) || char(31) ||
    quote(card.account) || char(31) ||
    quote(card.bonus_account) || char(31) ||
    quote(card.opening) || char(31) ||
    quote(card.class) || char(31) ||
    quote(card.holder) || char(31) ||
    quote(card.ended) || char(31) ||
    quote(card.replaces) || char(31) ||
    quote(card.replaced_by) || char(31) ||
    quote(card.held_until)
FROM card;

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'an audit row is never deleted'); END;
CREATE TRIGGER audit_is_fixed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'an audit row is never changed'); END;
CREATE TRIGGER seal_is_kept BEFORE DELETE ON seal
BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;
CREATE TRIGGER seal_is_fixed BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER sale_is_kept BEFORE DELETE ON sale
BEGIN SELECT RAISE(ABORT, 'a sale is never deleted'); END;
CREATE TRIGGER sale_is_fixed BEFORE UPDATE ON sale
BEGIN SELECT RAISE(ABORT, 'a sale is never changed'); END;
CREATE TRIGGER sale_line_is_kept BEFORE DELETE ON sale_line
BEGIN SELECT RAISE(ABORT, 'a line of a sale is never deleted'); END;
CREATE TRIGGER sale_line_is_fixed BEFORE UPDATE ON sale_line
BEGIN SELECT RAISE(ABORT, 'a line of a sale is never changed'); END;
CREATE TRIGGER sale_rounding_is_kept BEFORE DELETE ON sale_rounding
BEGIN SELECT RAISE(ABORT, 'a rounding of a sale is never deleted'); END;
CREATE TRIGGER sale_rounding_is_fixed BEFORE UPDATE ON sale_rounding
BEGIN SELECT RAISE(ABORT, 'a rounding of a sale is never changed'); END;
CREATE TRIGGER sale_tender_is_kept BEFORE DELETE ON sale_tender
BEGIN SELECT RAISE(ABORT, 'a tender of a sale is never deleted'); END;
CREATE TRIGGER sale_tender_is_fixed BEFORE UPDATE ON sale_tender
BEGIN SELECT RAISE(ABORT, 'a tender of a sale is never changed'); END;
CREATE TRIGGER list_version_is_kept BEFORE DELETE ON list_version
BEGIN SELECT RAISE(ABORT, 'a price list is never deleted'); END;
CREATE TRIGGER list_version_is_fixed BEFORE UPDATE ON list_version
BEGIN SELECT RAISE(ABORT, 'a price list is never changed'); END;
CREATE TRIGGER account_is_kept BEFORE DELETE ON account
BEGIN SELECT RAISE(ABORT, 'an account is never deleted'); END;
CREATE TRIGGER account_is_fixed BEFORE UPDATE OF org, id, code ON account
BEGIN SELECT RAISE(ABORT, 'this of an account is never changed'); END;
CREATE TRIGGER card_is_kept BEFORE DELETE ON card
BEGIN SELECT RAISE(ABORT, 'a card is never deleted'); END;
CREATE TRIGGER card_is_fixed BEFORE UPDATE OF org, number, chip, kind, opening, issued_at ON card
BEGIN SELECT RAISE(ABORT, 'this of a card is never changed'); END;
CREATE TRIGGER operation_is_kept BEFORE DELETE ON operation
BEGIN SELECT RAISE(ABORT, 'an operation is never deleted'); END;
CREATE TRIGGER operation_is_fixed BEFORE UPDATE OF org, op, attempt, terminal ON operation
BEGIN SELECT RAISE(ABORT, 'this of an operation is never changed'); END;
CREATE TRIGGER z_report_is_kept BEFORE DELETE ON z_report
BEGIN SELECT RAISE(ABORT, 'a Z report is never deleted'); END;
CREATE TRIGGER z_report_is_fixed BEFORE UPDATE OF org, terminal, epoch, seq, day, shift ON z_report
BEGIN SELECT RAISE(ABORT, 'this of a Z report is never changed'); END;
CREATE TRIGGER mark_is_kept BEFORE DELETE ON mark
BEGIN SELECT RAISE(ABORT, 'a mark is never deleted'); END;
CREATE TRIGGER mark_is_fixed BEFORE UPDATE OF org, terminal, epoch ON mark
BEGIN SELECT RAISE(ABORT, 'this of a mark is never changed'); END;
CREATE TRIGGER alert_is_kept BEFORE DELETE ON alert
BEGIN SELECT RAISE(ABORT, 'an alert is never deleted'); END;
CREATE TRIGGER alert_is_fixed BEFORE UPDATE ON alert
BEGIN SELECT RAISE(ABORT, 'an alert is never changed'); END;
CREATE TRIGGER organisation_is_kept BEFORE DELETE ON organisation
BEGIN SELECT RAISE(ABORT, 'an organisation is never deleted'); END;
CREATE TRIGGER store_is_kept BEFORE DELETE ON store
BEGIN SELECT RAISE(ABORT, 'a store is never deleted'); END;
CREATE TRIGGER store_is_fixed BEFORE UPDATE OF org, id ON store
BEGIN SELECT RAISE(ABORT, 'this of a store is never changed'); END;
CREATE TRIGGER terminal_is_kept BEFORE DELETE ON terminal
BEGIN SELECT RAISE(ABORT, 'a terminal is never deleted'); END;
CREATE TRIGGER terminal_is_fixed BEFORE UPDATE OF org, id, code ON terminal
BEGIN SELECT RAISE(ABORT, 'this of a terminal is never changed'); END;
