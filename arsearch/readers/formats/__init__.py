"""One reader for each format of a file.

json        JSON and JSON lines
delimited   CSV and TSV
plain_text  one article a file
"""
