"""Sessions as files that other programs read: one small module per format, one table that all of them print.

`options` says what is asked for, `signals_of` picks raw, live or offline values, `table` lays them on the rows or on an
even grid, and each format module prints that table. `exporter` puts them together. Nothing here changes a session.
"""
