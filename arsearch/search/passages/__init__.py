"""The passages of the articles that answer a query: whole sentences with exact offsets, for answers made of texts.

request    the parameters of a call, checked once
finding    reads the best articles, and returns the best of their passages
reading    the articles and their matches, within a limit of characters
cutting    the best parts of one text around its matches
sentences  the sentences of a text around its matches
scoring    the score of a passage
choosing   the best passages of all articles: neighbours merged, near-duplicates once
"""
