"""Dates as PHP and Laravel write them, read into aware Python values."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timezone

# MySQL's zero date and its like would cost the import of dateutil to be told that they are none.
_MAYBE = r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_MIDNIGHT = time()
# A longer text is no date, whatever it begins with.
_MAX_CHARS = 64


def read_datetime(text: str) -> datetime | None:
    """The moment that a text names, or `None` where it names none.

    Read is ISO 8601 with year, month and day divided by dashes, in every form that `datetime.fromisoformat` or
    python-dateutil's `isoparse` takes. A moment without an offset is in UTC, which is what Laravel means by it.
    """
    if text[4:8:3] != "--" or len(text) > _MAX_CHARS:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _isoparse(text) if re.match(_MAYBE, text) else None
    return aware(moment) if moment.tzinfo is None else moment


def read_date(text: str) -> date | None:
    """The day that a text names; a moment at midnight is one, since Laravel's `date` casts are sent that way."""
    moment = read_datetime(text)
    return moment.date() if moment is not None and moment.time() == _MIDNIGHT else None


def aware(moment: datetime) -> datetime:
    """A naive moment in UTC."""
    # `replace(tzinfo=UTC)` says the same and is many times slower in Python 3.11.
    return datetime.combine(moment, moment.time(), UTC)


def _isoparse(text: str) -> datetime | None:
    # Imported only for a text that needs it: dateutil takes longer to import than the rest of the package.
    from dateutil.parser import isoparse

    try:
        moment = isoparse(text)
        offset = moment.utcoffset()
        # dateutil's own time zones say the same as the standard library's, but print and pickle as something else.
        return moment.replace(tzinfo=UTC if offset is None else timezone(offset))
    except Exception:  # whatever a version of dateutil raises, such a text is no date
        return None
