INSERT INTO sale_rounding (org, sale, n, kind, amount) VALUES (?, ?, ?, ?, ?)
