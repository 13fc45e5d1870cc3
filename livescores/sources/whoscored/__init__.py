"""WhoScored's match records."""
