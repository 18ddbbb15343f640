"""Build the extension, where a compiler is found. Everything else is in pyproject.toml."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "arsearch.kernel._native",
            sources=[
                f"arsearch/kernel/{name}.c"
                for name in (
                    *("module", "reading", "packed", "commit", "levels", "roots", "scoring", "max_score", "any"),
                    *("pairs", "phrases", "letters", "matching", "words", "filters", "marks", "lines", "bodies"),
                    *("windows", "passages", "snippets", "rendering"),
                )
            ],
            depends=[f"arsearch/kernel/{name}.h" for name in ("kernel", "columns", "commit", "max_score")],
            extra_compile_args=["-O3", "-ffp-contract=off"],  # sums as Python has them
            py_limited_api=True,
            optional=True,  # without it arsearch is installed all the same, and uses NumPy
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
