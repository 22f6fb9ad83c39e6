"""``python -m tests.golden.update``: write what translation makes of each case into its ``then``."""

from __future__ import annotations

import yaml

from openedx_moocdb.translation.normalise import read_line
from openedx_moocdb.translation.translator import Translator
from tests.golden.cases import Case, cases_of, golden_files, text_of
from tests.golden.outcome import SITE, describe


def outcome_in_words(case: Case, translator: Translator) -> dict[str, object]:
    """What the log line of ``case`` becomes."""
    event = read_line(case.text)
    assert event is not None, f"{case}: the line is blank"
    return describe(event, translator.translate(event))


def main() -> None:
    """Rewrite every file whose outcomes have changed, and say which."""
    translator = Translator(SITE)
    changed = 0
    for path in golden_files():
        before = path.read_text(encoding="utf-8")
        cases = yaml.safe_load(before)["cases"]
        for case, entry in zip(cases_of(path), cases, strict=True):
            entry["then"] = outcome_in_words(case, translator)
        after = text_of(cases)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed += 1
            print(f"changed: {path.parent.name}/{path.name}")
    print(f"{changed} files changed")


if __name__ == "__main__":
    main()
