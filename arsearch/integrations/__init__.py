"""Adapters to other frameworks, each behind an extra of its name.

    langchain  `ArsearchRetriever`, a retriever of LangChain
    haystack   `ArsearchDocumentStore` and `ArsearchRetriever`, a document store and a retriever of Haystack
    mcp        `make_server`, a server of the Model Context Protocol

A module raises ImportError with the command to install its extra. docs/passages.md has examples.
"""
