"""Works made of parts: cut when they are added, and put together when they are read.

    splitting    where a body is cut: at headings, chapters, pages, or at sentence ends after a number of characters
    headings     headings of plain text: كتاب, باب, فصل, «الجزء», المادة, Markdown, and wiki text
    numbering    numbered headings: `١ - القمح`, `أولاً: المقدمة`
    inline       headings without the signs that Markdown and wiki text have inside of lines
    documents    the documents of an article: a head, and one for each part
    assembly     the article of such documents

Back-ends store and rank the documents of parts as they do any other. `arsearch.model.places` names what ties them together.
"""
