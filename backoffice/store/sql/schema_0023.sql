-- The check that each PAID has its sale looked at every sale for each of them without this.
CREATE INDEX sale_by_entry ON sale (org, terminal, epoch, seq);
