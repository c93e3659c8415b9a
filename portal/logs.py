"""Log lines carry the id of the request they belong to."""

import logging

from activity.request import current_request


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request().request_id or "-"
        return True
