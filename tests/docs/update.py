"""``python -m tests.docs.update``: write the reference again, and say which pages changed."""

from __future__ import annotations

import os

import django


def main() -> None:
    """Write every page whose text has changed; remove pages that nothing makes any more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.docs.reference import FOLDER, PAGES, page_text

    texts = {FOLDER / name: page_text(name) for name in PAGES}
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in sorted(set(FOLDER.glob("*.rst")) - set(texts)):
        path.unlink()
        print(f"removed: {path.name}")
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"changed: {path.name}")


if __name__ == "__main__":
    main()
