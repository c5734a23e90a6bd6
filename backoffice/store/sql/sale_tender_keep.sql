INSERT INTO sale_tender (org, sale, n, kind, amount, card) VALUES (?, ?, ?, ?, ?, ?)
