"""Worker processes that write segments.

pool      the workers and their batches
worker    the process
protocol  the messages between them
"""
