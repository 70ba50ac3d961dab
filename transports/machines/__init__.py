"""Batches carried out by other processes, on this machine or on many: by executors and by Dask."""
