-- How large the tables become, told once for all: a million sales of a year and what hangs on them.
-- Every key begins with the organisation, and there is one. Without these figures SQLite takes ten
-- rows for all of an organisation's, reads a table through to find one refund, and does so for
-- each refund. They are fixed, as https://sqlite.org/lang_analyze.html proposes, so that a plan is
-- the same in a test, on the first day and after ten years. A new index of these tables belongs
-- here, too. Columns of a figure: rows, then rows that share the first, the first two, ... columns.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('organisation', NULL, '1'),
  ('store', 'sqlite_autoindex_store_1', '100 100 1'),
  ('store', 'sqlite_autoindex_store_2', '100 100 1'),
  ('terminal', 'sqlite_autoindex_terminal_1', '500 1'),
  ('terminal', 'sqlite_autoindex_terminal_2', '500 500 1'),
  ('account', 'account', '50000 50000 1'),
  ('account', 'sqlite_autoindex_account_2', '50000 50000 1'),
  ('card', 'card', '30000 30000 1'),
  ('card', 'card_by_chip', '30000 30000 1'),
  ('card', 'card_by_batch', '10000 10000 100'),
  ('card', 'card_by_member', '10000 10000 1'),
  ('card_event', 'card_event', '100000 100000 1'),
  ('card_event', 'card_event_by_card', '100000 100000 4 1'),
  ('member_event', 'member_event', '100000 100000 1'),
  ('member_event', 'member_event_by_member', '100000 100000 4 1'),
  ('alert', 'alert', '20000 20000 1'),
  ('alert', 'alert_by_word', '20000 20000 1000 1'),
  ('alert', 'alert_by_time', '20000 20000 1'),
  ('sale', 'sale', '1000000 1000000 1'),
  ('sale', 'sqlite_autoindex_sale_2', '1000000 1000000 1'),
  ('sale', 'sale_by_day', '1000000 1000000 2800 28 14 2 1 1'),
  ('sale', 'sale_by_entry', '1000000 1000000 2000 1000 1'),
  ('sale', 'sale_by_receipt', '1000000 1000000 2000 1000 1'),
  ('sale', 'sale_by_member', '300000 300000 30 2 1'),
  ('sale', 'sale_by_ref', '10000 10000 1'),
  ('sale', 'sale_given_back', '10000 10000 28 1'),
  ('sale_line', 'sale_line', '3000000 3000000 3 1'),
  ('sale_tender', 'sale_tender', '1000000 1000000 1 1'),
  ('sale_tender', 'tender_by_card', '400000 400000 15 1'),
  ('transfer', 'transfer', '1400000 1400000 2 1 1 1'),
  ('transfer', 'transfer_by_debit', '500000 500000 20 1 1 1'),
  ('transfer', 'transfer_by_credit', '500000 500000 20 1 1 1'),
  ('operation', 'operation', '500000 500000 1 1'),
  ('operation', 'operation_by_card', '500000 500000 20 1'),
  ('operation', 'operation_approved', '100 100 1'),
  ('operation', 'operation_waiting', '100 100 2 1'),
  ('entry', 'entry', '2000000 2000000 4000 2000 1'),
  ('purse_record', 'purse_record', '100000 100000 20 1 1 1'),
  ('purse_record', 'purse_record_by_counter', '100000 100000 20 1'),
  ('stock_move', 'stock_move', '500000 500000 1'),
  ('stock_move', 'sqlite_autoindex_stock_move_2', '500000 500000 1 1'),
  ('stock_move', 'stock_move_by_item', '500000 500000 5000 5000 20 20 1'),
  ('stock_move', 'stock_move_by_day', '500000 500000 1400 1'),
  ('stock_move', 'stock_move_undoes', '5000 5000 1');
ANALYZE sqlite_schema;
