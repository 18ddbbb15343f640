"""Adapters to other frameworks, each behind an extra of its name.

    langchain  `ArsearchRetriever`, a retriever of LangChain
    haystack   `ArsearchDocumentStore` and `ArsearchRetriever`, a document store and a retriever of Haystack
    mcp        `make_server`, a server of the Model Context Protocol
    django     an application: searchable models, `rebuild_arsearch`, a search view (docs/django.md)

A module raises ImportError with the command to install its extra. docs/passages.md has examples.
"""
