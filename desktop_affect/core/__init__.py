"""The words everybody here speaks: plain values, protocols and settings; numpy and the standard library only."""
