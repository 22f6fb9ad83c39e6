"""Textbooks: the PDF viewer and the image viewer. Their place is a page of the book."""

from __future__ import annotations

import msgspec

from openedx_moocdb.schema.event import Event
from openedx_moocdb.schema.step import StepKind
from openedx_moocdb.translation.event_type import number_field
from openedx_moocdb.translation.pages import Page, PageKind
from openedx_moocdb.translation.standing import BROWSER, Inline


class TextbookEvent(Inline):
    """Any act in a textbook; on the page of the book where it ends, if the event names one."""

    sources = BROWSER
    category = "textbook"
    #: payload fields that hold the number of the page
    page_fields: tuple[str, ...] = ("page",)

    def page(self, event: Event) -> Page:
        page = super().page(event)
        number = number_field(event.fields, *self.page_fields)
        if page.kind is not PageKind.BOOK or number is None or not 0 <= number < 100_000:
            return page
        return msgspec.structs.replace(page, path=_path_in_book(page.path, int(number)))

    def kind(self, event: Event, page: Page) -> StepKind:
        return StepKind.ACT if page.is_place else StepKind.ELSEWHERE


class TurnBookPage(TextbookEvent):
    """A page of the book is reached by its number, a thumbnail, the outline or by scrolling."""

    names = (
        "textbook.pdf.page.navigated",
        "textbook.pdf.page.scrolled",
        "textbook.pdf.thumbnail.navigated",
        "textbook.pdf.chapter.navigated",
    )


class Book(TextbookEvent):
    """The first name of turning a page: ``old`` is the page left, ``new`` the one reached."""

    names = ("book",)
    page_fields = ("new",)


class SearchBook(TextbookEvent):
    """A search within the book, its matches and how they are shown."""

    names = (
        "textbook.pdf.search.executed",
        "textbook.pdf.search.navigatednext",
        "textbook.pdf.search.highlight.toggled",
        "textbook.pdf.searchcasesensitivity.toggled",
    )


class AdjustBook(TextbookEvent):
    """The viewer is adjusted: magnification, outline, thumbnails."""

    names = (
        "textbook.pdf.display.scaled",
        "textbook.pdf.outline.toggled",
        "textbook.pdf.thumbnails.toggled",
        "textbook.pdf.zoom.buttons.changed",
        "textbook.pdf.zoom.menu.changed",
    )


def _path_in_book(path: str, number: int) -> str:
    """``…/pdfbook/0/`` and page 7 give ``…/pdfbook/0/7/``, the platform's own URL of that page."""
    head, word, tail = _split_at_book(path)
    segments = [segment for segment in tail.split("/") if segment]
    keep = 3 if segments[1:2] == ["chapter"] else 1  # book/chapter/number/page or book/page
    return f"{head}{word}" + "".join(f"{segment}/" for segment in [*segments[:keep], str(number)])


def _split_at_book(path: str) -> tuple[str, str, str]:
    for word in ("/pdfbook/", "/htmlbook/", "/book/"):
        head, found, tail = path.partition(word)
        if found:
            return head, found, tail
    return path, "", ""
