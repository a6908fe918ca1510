"""How static files are stored in production."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed names, also where one of our JavaScript modules imports another.

    Under plain names a browser's cache could mix old and new modules on one page. Django's own
    ``support_js_module_import_aggregation`` reads every script: it takes an ``import()`` in a
    comment of django-htmx for code, and collecting fails. So ours are named by their folder.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*.js",
            (
                (
                    r"""(?P<matched>\b(?P<word>from|import) "(?P<url>\.[^"]+)";)""",
                    '%(word)s "%(url)s";',
                ),
            ),
        ),
    )
    # A file is renamed once per level of modules below it, in the order the disk lists them;
    # a circle of imports never ends, and is refused.
    max_post_process_passes = 20
