"""Reports: one file per question, each defined once as SQL; `render` makes table, CSV or JSON."""
