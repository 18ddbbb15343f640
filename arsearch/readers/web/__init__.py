"""Readers of what the web leaves behind: pages, archives of pages, feeds, and exports and dumps of sites.

| module | holds |
|---|---|
| `html`, `html_page` | a saved page, and the child's part of it |
| `mhtml` | a page that a browser saved as one file |
| `page_text` | the text of a page outside of its menus |
| `page_headings` | the headings of a page in the text that was extracted |
| `warc`, `warc_records` | the pages of a web archive, and the child's part |
| `feeds`, `feed_entries` | RSS and Atom, and the child's part |
| `wordpress` | the export of a WordPress site |
| `mediawiki`, `wiki_text` | the dump of a MediaWiki, and wiki text to text in the child |
| `xml_records`, `xml_head` | the records of a large XML file, and its root |
"""
