"""Dates as people and machines write them, in queries and in articles.

calendars    names of months, and the days of the months and years of the Hijri calendars
umm_al_qura  the months of the Umm al-Qura calendar
ordinal_days days of a month in words
periods      one date, a range or a comparison, as the days it covers
timestamps   time stamps of machine formats: RFC 5322, Twitter, epochs, JSON exports
values       the date of an article, from any of these forms

The package imports nothing of arsearch but its errors. `periods` reads queries and filters; `values` uses the same parser.
"""
