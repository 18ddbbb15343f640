"""Tables of databases and data frames, as articles.

| module | holds |
|---|---|
| `choice` | the table whose rows are the articles |
| `cells` | a row of a table as a record |
| `sqlite` | SQLite files, opened read-only |
| `sql` | databases by their SQLAlchemy URL |
| `locations` | secrets of locations, kept out of messages |
| `parquet`, `parquet_rows` | Parquet files, and the child's part of reading them |
| `frames` | `read_rows`: data frames and iterators of rows |
"""
