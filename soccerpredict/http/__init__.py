"""What every route shares: request ids, problem documents, strict input, paging, ETags, formats."""
