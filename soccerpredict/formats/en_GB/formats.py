"""Moments as the back office writes them everywhere: sortable, in UTC, without a.m. and p.m."""

DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y-m-d H:i"
