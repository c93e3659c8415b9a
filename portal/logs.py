"""The id of the request on each line of the log."""

import logging

from activity.request import current_request


class RequestIdFilter(logging.Filter):
    """Sets `request_id` on each record; "-" outside of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request().request_id or "-"
        return True
